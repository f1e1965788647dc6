import { z } from 'zod';
import type { Room } from '../../state.ts';
import type { DnsServer } from './server.ts';
import type { DnsRecords, DnsZone } from './zone.ts';

const recordsSchema = z.custom<DnsRecords>((value) => typeof value === 'object' && value !== null);

/** The names that were kept, each with its records. */
export function zoneIn(room: Room): DnsZone {
  return Object.fromEntries(room.entries(recordsSchema));
}

/** The same server, which also writes down what is set. */
export function keepZone(server: DnsServer, room: Room): DnsServer {
  return {
    ...server,
    set: (name, records) => {
      server.set(name, records);
      if (records === null) room.delete(name);
      else room.set(name, records);
    },
  };
}
