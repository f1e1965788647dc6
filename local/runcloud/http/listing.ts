import type { Switches } from '../state/switches.ts';
import { invalid, ok, type Reply } from './replies.ts';

function positive(text: string | null, otherwise: number): number {
  return text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : otherwise;
}

/** One page of a list, with the metadata in the form the switch says. */
export function listing<T>(
  rows: readonly T[],
  show: (row: T) => unknown,
  query: URLSearchParams,
  switches: Switches,
): Reply {
  const asked = positive(query.get('perPage'), 20);
  if (asked > 40 && switches.perPageOver40 === 422) {
    return invalid({ perPage: 'The per page may not be greater than 40.' });
  }
  const perPage = Math.min(asked, 40);
  const page = positive(query.get('page'), 1);
  const shown = rows.slice((page - 1) * perPage, page * perPage);
  const lastPage = Math.max(1, Math.ceil(rows.length / perPage));
  const meta = metaIn(switches.listMeta, {
    total: rows.length,
    count: shown.length,
    perPage,
    page,
    lastPage,
  });
  return ok({ data: shown.map(show), ...(meta && { meta }) });
}

interface Place {
  readonly total: number;
  readonly count: number;
  readonly perPage: number;
  readonly page: number;
  readonly lastPage: number;
}

function metaIn(
  form: Switches['listMeta'],
  { total, count, perPage, page, lastPage }: Place,
): object | undefined {
  switch (form) {
    case 'pagination': {
      const links = lastPage > 1 ? { next: `?page=${page + 1}` } : {};
      const pagination = {
        total,
        count,
        per_page: perPage,
        current_page: page,
        total_pages: lastPage,
        links,
      };
      return { pagination };
    }
    case 'lastPage':
      return { total, perPage, currentPage: page, lastPage };
    case 'last_page':
      return { total, per_page: perPage, current_page: page, last_page: lastPage };
    case 'lastPage-without-total':
      return { perPage, currentPage: page, lastPage };
    case 'none':
      return undefined;
  }
}
