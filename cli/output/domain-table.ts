import type { DomainSummary } from '../client/schemas.ts';
import { type Standing, standingOf } from '../client/standing.ts';
import type { Colour, Paint } from './colours.ts';
import { table } from './table.ts';
import type { When } from './times.ts';

const colourOf: Readonly<Record<Standing, Colour>> = {
  done: 'green',
  failed: 'red',
  'waiting-dns': 'yellow',
  open: 'yellow',
};

function state({ state: name, reason }: { readonly state: string; readonly reason: string | null }): string {
  return reason === null ? name : `${name} (${reason})`;
}

function nextTry({ hosting, certificate }: DomainSummary, when: When): string {
  const next = hosting.nextTryAt ?? certificate.nextTryAt;
  return next === null ? '' : when(next);
}

/** Domains as rows: where each stands, and when it is tried again. */
export function domainTable(domains: readonly DomainSummary[], paint: Paint, when: When): string {
  const rows = domains.map((domain) => [
    paint(colourOf[standingOf(domain)], domain.domain),
    domain.wanted,
    state(domain.hosting),
    state(domain.certificate),
    nextTry(domain, when),
  ]);
  return table(['DOMAIN', 'WANTED', 'HOSTING', 'CERTIFICATE', 'NEXT TRY'], rows);
}
