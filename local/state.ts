import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';
import { Fault } from './fault.ts';

/** What one part of the stack keeps: values by key, in the order in which the keys came. */
export interface Room {
  /** All that is kept. Throws a `Fault` where it does not fit the schema. */
  entries<T>(schema: z.ZodType<T>): (readonly [key: string, value: T])[];
  set(key: string, value: unknown): void;
  delete(key: string): void;
}

/** The state of a stack, on disk. What was set is there after a `kill -9`. */
export interface State {
  room(name: string): Room;
  close(): void;
}

/** Marks the file as ours ("rlay"); the version changes with the form of what is kept. */
const applicationId = 0x726c6179;
const version = 1;

const codes = { busy: 5, readOnly: 8, cannotOpen: 14 };

/** Of SQLite; a directory or file that the system refuses counts as one that SQLite cannot open. */
function codeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  return 'errcode' in error ? error.errcode : 'syscall' in error ? codes.cannotOpen : undefined;
}

/** The sentence that tells its reader what to do. */
function toFault(dir: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  switch (codeOf(error)) {
    case codes.busy:
      return new Fault(
        `STATE_DIR ${dir} is in use by another npm start: stop that one, or name another directory`,
      );
    case codes.readOnly:
    case codes.cannotOpen:
      return new Fault(`STATE_DIR ${dir} cannot be written: name a directory that can`);
    default:
      return new Fault(
        `STATE_DIR ${dir} holds no state that can be read: delete state.db there to start anew, or name another directory`,
      );
  }
}

function numberOf(db: DatabaseSync, pragma: string): unknown {
  return db.prepare(`PRAGMA ${pragma}`).get()?.[pragma];
}

/** In one transaction: a process that is killed here leaves an empty file, and the next start begins anew. */
function prepare(db: DatabaseSync): void {
  const tables = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables;
  if (tables !== 0) return;
  db.exec(`
    BEGIN;
    CREATE TABLE kept (room TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (room, key));
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${version};
    COMMIT;
  `);
}

function open(dir: string): DatabaseSync {
  const file = join(dir, 'state.db');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // For its owner alone: it holds the key of the certificate authority. SQLite's other files follow its mode.
  closeSync(openSync(file, 'a', 0o600));
  const db = new DatabaseSync(file);
  try {
    // The lock ends with the process, however it ends. Two stacks on one state would each undo the other's work.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    prepare(db);
    const isOurs =
      numberOf(db, 'application_id') === applicationId && numberOf(db, 'user_version') === version;
    if (!isOurs || numberOf(db, 'quick_check') !== 'ok') throw new Error('Not a state of this version');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function roomIn(db: DatabaseSync, dir: string, name: string): Room {
  const all = db.prepare('SELECT key, value FROM kept WHERE room = ? ORDER BY rowid');
  const set = db.prepare(
    'INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (room, key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('DELETE FROM kept WHERE room = ? AND key = ?');
  return {
    entries: (schema) => {
      try {
        return all
          .all(name)
          .map(({ key, value }) => [String(key), schema.parse(JSON.parse(String(value)))] as const);
      } catch (error) {
        throw toFault(dir, error);
      }
    },
    set: (key, value) => {
      set.run(name, key, JSON.stringify(value));
    },
    delete: (key) => {
      remove.run(name, key);
    },
  };
}

/** Opens the state that a directory holds, or begins one. Throws a `Fault` if it cannot, or if another stack has it open. */
export function openState(dir: string): State {
  try {
    const db = open(dir);
    return { room: (name) => roomIn(db, dir, name), close: () => db.close() };
  } catch (error) {
    throw toFault(dir, error);
  }
}
