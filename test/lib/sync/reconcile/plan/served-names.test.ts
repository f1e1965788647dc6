import { describe } from '@jest/globals';
import { row } from '../../../../support/sync/items.ts';
import { APEX, absent, byId, listed, partly, present, refused, table, WWW } from './cases.ts';

describe('www', () => {
  const apex = row({ name: APEX });
  const served = row({ name: APEX, www: true });
  const own = row({ id: 6, name: WWW });
  table([
    [
      'is not sent while a row of its own holds it',
      { domain: APEX, www: true },
      listed(own),
      { do: 'add', www: false },
    ],
    [
      'is not added while a row of its own holds it',
      { domain: APEX, www: true },
      listed(apex, own),
      present(apex),
    ],
    [
      'is removed when a row of its own holds it',
      { domain: APEX, www: true },
      listed(served, own),
      { do: 'update', www: false },
    ],
    [
      'wanted by itself is served by its apex',
      { domain: WWW },
      listed(served),
      present(null, 'served-by-apex'),
    ],
    [
      'wanted by itself is added where the apex does not serve it',
      { domain: WWW },
      listed(apex),
      { do: 'add', www: false },
    ],
    [
      'wanted by itself is not served by another name that has a www.',
      { domain: WWW },
      listed(row({ name: 'other.example', www: true })),
      { do: 'add', www: false },
    ],
    [
      'wanted by itself is added where the apex may or may not',
      { domain: WWW },
      listed(row({ name: APEX, www: undefined })),
      { do: 'add' },
    ],
    [
      'wanted by itself is not served by an apex that sends its visitors elsewhere',
      { domain: WWW },
      listed({ ...served, type: 'redirect' }),
      { do: 'add' },
    ],
    ['with a row of its own is present by that', { domain: WWW }, listed(served, own), present(own)],
    ['of a www name is never added', { domain: WWW, www: true }, listed(own), present(own)],
    ['served by its apex is not removed there', { domain: WWW, wanted: 'absent' }, listed(served), absent],
    [
      'with a row of its own is removed by that',
      { domain: WWW, wanted: 'absent' },
      listed(served, own),
      { do: 'remove', row: { id: 6 } },
    ],
  ]);
});

describe('a wildcard of the web application', () => {
  const star = row({ id: 7, name: `*.${APEX}` });
  const flagged = row({ id: 7, name: APEX, wildcard: true });
  table([
    ['covers a native subdomain', { native: true }, listed(star), present(null, 'covered-by-wildcard')],
    [
      'covers it as a flag of the parent too',
      { native: true },
      listed(flagged),
      present(null, 'covered-by-wildcard'),
    ],
    [
      'covers it on an incomplete listing too',
      { native: true },
      partly(star),
      present(null, 'covered-by-wildcard'),
    ],
    [
      'covers nothing once it sends its visitors elsewhere',
      { native: true },
      listed({ ...star, type: 'redirect' }),
      { do: 'add' },
    ],
    [
      'covers nothing as a flag of a parent that sends its visitors elsewhere',
      { native: true },
      listed({ ...flagged, type: 'redirect' }),
      { do: 'add' },
    ],
    ['covers no mapped domain', {}, listed(star), { do: 'add' }],
    ['covers no deeper name', { native: true, domain: `a.b.${APEX}` }, listed(star), { do: 'add' }],
    [
      'as a flag covers nothing under another name',
      { native: true },
      listed(row({ id: 7, name: 'other.example', wildcard: true })),
      { do: 'add' },
    ],
    [
      'is not what a parent without the flag is',
      { native: true },
      listed(row({ id: 7, name: APEX })),
      { do: 'add' },
    ],
    ['does not stand in for a row of its own', { native: true }, listed(row(), star), present(row())],
    ['is not removed for a name under it', { native: true, wanted: 'absent' }, listed(star), absent],
  ]);
});

describe('a row that serves a protected name', () => {
  const guarded = { protectedDomains: [WWW] };
  const served = row({ name: APEX, www: true });
  const off = row({ name: APEX });
  const flagged = row({ name: APEX, wildcard: true });
  table([
    [
      'is not removed with its apex',
      { ...guarded, domain: APEX, wanted: 'absent' },
      listed(served),
      refused('protected-domain'),
    ],
    [
      'keeps its www. though the apex did not want it',
      { ...guarded, domain: APEX, www: false },
      listed(served),
      present(served),
    ],
    [
      'keeps its www. when the apex is protected, and only implies it',
      { protectedDomains: [APEX], domain: APEX, www: false },
      listed(served),
      present(served),
    ],
    [
      'keeps its www. next to a row of its own for that',
      { ...guarded, domain: APEX, www: true },
      listed(served, row({ id: 6, name: WWW })),
      present(served),
    ],
    [
      'keeps its www. while it is made an alias again',
      { ...guarded, domain: APEX, www: false },
      listed({ ...served, type: 'redirect' }),
      { do: 'update', id: 5, www: true },
    ],
    [
      'is not what a row without that www. is: nothing is turned on for it',
      { ...guarded, domain: APEX, www: false },
      listed(off),
      present(off),
    ],
    [
      'by its wildcard is not removed',
      { domain: APEX, wanted: 'absent', protectedDomains: [`main.${APEX}`] },
      listed(flagged),
      refused('protected-domain'),
    ],
    [
      'by its wildcard is not removed, read by its id',
      { domain: APEX, wanted: 'absent', protectedDomains: [`main.${APEX}`] },
      byId(flagged),
      refused('protected-domain'),
    ],
    [
      'is not what a row without that wildcard is: it is removed',
      { domain: APEX, wanted: 'absent', protectedDomains: [`main.${APEX}`] },
      listed(off),
      { do: 'remove', row: { id: 5 } },
    ],
    [
      'in its second row is not removed',
      { domain: APEX, wanted: 'absent', protectedDomains: [`main.${APEX}`] },
      listed(row({ id: 6, name: APEX, type: 'primary' }), flagged),
      refused('protected-domain'),
    ],
  ]);
});
