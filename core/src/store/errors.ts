import { RollcallError } from '@rollcall/connector-kit';

/** Another process holds the database's write lock longer than we wait. */
export function storeBusy(cause: unknown): RollcallError {
  return new RollcallError('RC_STORE_BUSY', 75, 'retry', {
    what: 'Another process is writing to the database.',
    mend: 'Wait until it is done and run the command again.',
    cause,
  });
}

/** The database is of a newer version of Rollcall than this one. */
export function storeNewer(found: number, known: number): RollcallError {
  return new RollcallError('RC_STORE_NEWER', 1, 'stop', {
    what: `The database has schema version ${found}; this version of Rollcall knows ${known}.`,
    mend: 'Use the version of Rollcall that wrote it, or a newer one.',
  });
}

const full = (cause: unknown): RollcallError =>
  new RollcallError('RC_STORE_FULL', 1, 'stop', {
    what: 'The database cannot grow: the disk or its quota is full.',
    mend: 'Free room and run the command again; nothing of the running batch was kept.',
    cause,
  });

const readOnly = (cause: unknown): RollcallError =>
  new RollcallError('RC_STORE_READ_ONLY', 1, 'stop', {
    what: 'The database is read-only.',
    mend: 'Give this user the right to write the database file and its folder.',
    cause,
  });

const unreadable = (cause: unknown): RollcallError =>
  new RollcallError('RC_STORE_UNREADABLE', 1, 'stop', {
    what: 'The database cannot be opened or is not a database.',
    mend: 'Check that the file named under "store" is the right one and that this user may read it.',
    cause,
  });

const unreachable = (cause: unknown): RollcallError =>
  new RollcallError('RC_STORE_UNREACHABLE', 69, 'retry', {
    what: 'The database server cannot be reached or refuses the connection.',
    mend: 'Check the URL, the password and that the server runs.',
    cause,
  });

const byCode: Readonly<Record<string, (cause: unknown) => RollcallError>> = {
  SQLITE_BUSY: storeBusy,
  SQLITE_LOCKED: storeBusy,
  SQLITE_FULL: full,
  SQLITE_IOERR: full,
  SQLITE_READONLY: readOnly,
  SQLITE_CANTOPEN: unreadable,
  SQLITE_NOTADB: unreadable,
  SQLITE_CORRUPT: unreadable,
  SQLITE_PERM: unreadable,
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  ECONNRESET: unreachable,
  '28P01': unreachable,
  '28000': unreachable,
  '3D000': unreachable,
  '53100': full,
  '25006': readOnly,
  '55P03': storeBusy,
  // Two processes wanted each other's rows; the server ended one of them, whose transaction is gone as a whole.
  '40P01': storeBusy,
  '40001': storeBusy,
};

/** Turns what a driver throws into an error that says how to mend it; passes everything else through. */
export function wrapStoreError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  const make = typeof code === 'string' ? byCode[code] : undefined;
  return make === undefined ? error : make(error);
}
