import type { DomainStatus } from '../../client/schemas.ts';
import { standingOf } from '../../client/standing.ts';
import type { Paint } from '../../output/colours.ts';
import { toSecond, type When } from '../../output/times.ts';

type Line = readonly [string, string];

const colours = { done: 'green', failed: 'red', 'waiting-dns': 'yellow', open: 'yellow' } as const;

function timed(state: string, reason: string | null, details: readonly string[]): string {
  const because = reason === null ? '' : ` (${reason})`;
  return [`${state}${because}`, ...details].join(', ');
}

function hostingLine({ hosting }: DomainStatus, when: When): string {
  const { state, reason, since, nextTryAt } = hosting;
  return timed(state, reason, [
    `since ${toSecond(since)}`,
    ...(nextTryAt === null ? [] : [`next try ${when(nextTryAt)}`]),
  ]);
}

function certificateLine({ certificate }: DomainStatus, when: When): string {
  const { state, reason, notAfter, nextTryAt } = certificate;
  return timed(state, reason, [
    ...(notAfter === null ? [] : [`until ${toSecond(notAfter)}`]),
    ...(nextTryAt === null ? [] : [`next try ${when(nextTryAt)}`]),
  ]);
}

function liveLines({ live }: DomainStatus): Line[] {
  return Object.entries(live ?? {}).map(([name, found]) => [`live ${name}`, JSON.stringify(found)]);
}

/** A domain, why it stands there, and what to do. */
export function domainView(status: DomainStatus, paint: Paint, when: When): string {
  const { domain, network, wanted, certificate, lastError, history } = status;
  const last = history.at(-1);
  const lines: Line[] = [
    ['domain', `${paint(colours[standingOf(status)], domain)} (${network}), wanted ${wanted}`],
    ['hosting', hostingLine(status, when)],
    ['certificate', certificateLine(status, when)],
    ...(certificate.fix === null ? [] : [['what to do', paint('bold', certificate.fix)] satisfies Line]),
    ...(lastError === null
      ? []
      : [
          ['last error', `${lastError.code}, ${toSecond(lastError.at)}: ${lastError.message}`] satisfies Line,
        ]),
    ...(last === undefined
      ? []
      : [['last entry', `${toSecond(last.at)} ${last.what} ${last.detail}`.trimEnd()] satisfies Line]),
    ...liveLines(status),
  ];
  const width = 1 + Math.max(...lines.map(([label]) => label.length));
  return lines.map(([label, text]) => `${paint('dim', label.padEnd(width))}${text}`).join('\n');
}
