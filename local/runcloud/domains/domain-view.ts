import { dateText } from '../http/replies.ts';
import type { Domain } from '../state/state.ts';
import type { Switches } from '../state/switches.ts';

function flag(value: boolean, form: Switches['domainFlags']): unknown {
  if (form === 'booleans') return value;
  return form === 'text' ? String(Number(value)) : Number(value);
}

export function domainView(domain: Domain, { domainShape, domainFlags }: Switches): unknown {
  const created = { created_at: dateText(domain.createdAt) };
  if (domainShape === 'id-name-created') return { id: domain.id, name: domain.name, ...created };
  return {
    id: domain.id,
    name: domain.name,
    type: domain.type,
    www: flag(domain.www, domainFlags),
    redirection: domain.redirection,
    wildcard: flag(domain.wildcard, domainFlags),
    dns_integration: 'none',
    status: null,
    ...created,
  };
}
