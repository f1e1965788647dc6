import type { ListForm } from '../world/runcloud/runcloud-api.ts';

/** Without a total only a list of one page is complete; with one, so is a list whose pages all state the same. */
export const LIST_FORMS: readonly ListForm[] = [
  { rowsPerPage: 40, meta: 'pagination' },
  { rowsPerPage: 40, meta: 'lastPage' },
  { rowsPerPage: 40, meta: 'lastPage-without-total' },
  { rowsPerPage: 3, meta: 'pagination' },
  { rowsPerPage: 3, meta: 'last_page' },
];
