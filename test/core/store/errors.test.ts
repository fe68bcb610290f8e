import { expect } from 'chai';
import { isRollcallError } from '@rollcall/core';
import { wrapStoreError } from '#core/store/errors.js';

const TABLE: readonly (readonly [code: string, driver: string, exitCode: number, mended: string])[] = [
  ['SQLITE_BUSY', 'sqlite3', 75, 'RC_STORE_BUSY'],
  ['SQLITE_LOCKED', 'sqlite3', 75, 'RC_STORE_BUSY'],
  ['SQLITE_FULL', 'sqlite3', 1, 'RC_STORE_FULL'],
  ['SQLITE_IOERR', 'sqlite3', 1, 'RC_STORE_FULL'],
  ['SQLITE_READONLY', 'sqlite3', 1, 'RC_STORE_READ_ONLY'],
  ['SQLITE_CANTOPEN', 'sqlite3', 1, 'RC_STORE_UNREADABLE'],
  ['SQLITE_NOTADB', 'sqlite3', 1, 'RC_STORE_UNREADABLE'],
  ['SQLITE_CORRUPT', 'sqlite3', 1, 'RC_STORE_UNREADABLE'],
  ['SQLITE_PERM', 'sqlite3', 1, 'RC_STORE_UNREADABLE'],
  ['ECONNREFUSED', 'pg', 69, 'RC_STORE_UNREACHABLE'],
  ['ENOTFOUND', 'pg', 69, 'RC_STORE_UNREACHABLE'],
  ['ECONNRESET', 'pg', 69, 'RC_STORE_UNREACHABLE'],
  ['28P01', 'pg: wrong password', 69, 'RC_STORE_UNREACHABLE'],
  ['28000', 'pg: not allowed in', 69, 'RC_STORE_UNREACHABLE'],
  ['3D000', 'pg: no such database', 69, 'RC_STORE_UNREACHABLE'],
  ['53100', 'pg: disk full', 1, 'RC_STORE_FULL'],
  ['25006', 'pg: read-only', 1, 'RC_STORE_READ_ONLY'],
  ['55P03', 'pg: lock not available', 75, 'RC_STORE_BUSY'],
  ['40P01', 'pg: deadlock', 75, 'RC_STORE_BUSY'],
  ['40001', 'pg: serialization', 75, 'RC_STORE_BUSY'],
];

describe('core/store/errors', () => {
  for (const [code, driver, exitCode, mended] of TABLE) {
    it(`turns ${code} (${driver}) into ${mended}`, () => {
      const cause = Object.assign(new Error('as the driver says it'), { code });
      const error = wrapStoreError(cause);
      if (!isRollcallError(error)) return expect.fail('it was passed through');
      expect([error.code, error.exitCode, error.cause]).to.deep.equal([mended, exitCode, cause]);
      expect(error.mend).to.be.a('string').and.not.equal('');
      return undefined;
    });
  }

  for (const other of [new Error('a bug'), Object.assign(new Error('unique'), { code: '23505' }), null, 'text', 7]) {
    it(`passes ${String(other)} through`, () => {
      expect(wrapStoreError(other)).to.equal(other);
    });
  }
});
