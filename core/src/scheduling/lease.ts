import { hostname } from 'node:os';
import { RollcallError } from '@rollcall/connector-kit';
import { isRunning } from '../store/is-running.js';
import type { Store } from '../store/store.js';
import { isSqlite, rawRows, type Sql } from '../store/table.js';
import type { Lane } from '../store/writer-queue.js';

interface LeaseRow {
  tenant_id: string;
  directory_id: string;
  lane: string;
  holder: string | null;
  token: number;
  expires_at: string;
}

/** How long a lease lives without a sign of life. */
const LIFE_MS = 60_000;
/** A sign of life is written at most this often. */
const RENEW_MS = 15_000;

/** The right to sweep one directory; its token is checked in every transaction. */
export interface Lease {
  tenantId: string;
  directoryId: string;
  lane: string;
  token: number;
  renewedAt: number;
}

/** Who we are: on the same host a dead process is recognised by its number, elsewhere by time. */
export function holderName(): string {
  return `${hostname()}:${process.pid}`;
}

/**
 * Takes the lease; wall-clock time, whatever clock the run has.
 *
 * @throws RC_DIRECTORY_BUSY (75) while another process holds it.
 */
export async function takeLease(
  sql: Sql,
  place: { tenantId: string; directoryId: string; lane: string; directory: string },
): Promise<Lease> {
  const now = Date.now();
  const expiresAt = new Date(now + LIFE_MS).toISOString();
  // There a write would wait for the row that the holder's open transaction locks; a look does not.
  if (!isSqlite(sql)) await refuseWhileHeld(sql, place, now);
  const token = (await takeIfFree(sql, place, { now, expiresAt })) ?? (await takeFromTheDead(sql, place, expiresAt));
  return { tenantId: place.tenantId, directoryId: place.directoryId, lane: place.lane, token, renewedAt: now };
}

async function refuseWhileHeld(
  sql: Sql,
  place: { tenantId: string; directoryId: string; lane: string; directory: string },
  now: number,
): Promise<void> {
  const where = { tenant_id: place.tenantId, directory_id: place.directoryId, lane: place.lane };
  const row = (await sql('lease').where(where).first()) as LeaseRow | undefined;
  const isHeld = typeof row?.holder === 'string' && Date.parse(row.expires_at) > now;
  if (isHeld && isAlive(row)) throw busy(place, row);
}

/** Null: somebody holds it, dead or alive. */
async function takeIfFree(
  sql: Sql,
  place: { tenantId: string; directoryId: string; lane: string },
  { now, expiresAt }: { now: number; expiresAt: string },
): Promise<number | null> {
  const rows = await rawRows<{ token: number }>(
    sql,
    `INSERT INTO lease (tenant_id, directory_id, lane, holder, token, expires_at) VALUES (?, ?, ?, ?, 1, ?)
     ON CONFLICT (tenant_id, directory_id, lane) DO UPDATE
     SET holder = excluded.holder, token = lease.token + 1, expires_at = excluded.expires_at
     WHERE lease.holder IS NULL OR lease.expires_at <= ? RETURNING token`,
    [place.tenantId, place.directoryId, place.lane, holderName(), expiresAt, new Date(now).toISOString()],
  );
  return rows[0]?.token ?? null;
}

/** A holder on this host whose process is gone need not be waited for. */
async function takeFromTheDead(
  sql: Sql,
  place: { tenantId: string; directoryId: string; lane: string; directory: string },
  expiresAt: string,
): Promise<number> {
  const where = { tenant_id: place.tenantId, directory_id: place.directoryId, lane: place.lane };
  const row = (await sql('lease').where(where).first()) as LeaseRow | undefined;
  if (row === undefined || isAlive(row)) throw busy(place, row);
  const token = await nextToken(sql, row, expiresAt);
  if (token === null) throw busy(place, row);
  return token;
}

/** Takes the row as it was looked at: of two processes that saw the same token, one finds it gone and gets null. */
async function nextToken(sql: Sql, seen: LeaseRow, expiresAt: string): Promise<number | null> {
  const rows = await rawRows<{ token: number }>(
    sql,
    'UPDATE lease SET holder = ?, token = token + 1, expires_at = ? WHERE tenant_id = ? AND directory_id = ? AND lane = ? AND token = ? RETURNING token',
    [holderName(), expiresAt, seen.tenant_id, seen.directory_id, seen.lane, seen.token],
  );
  return rows[0]?.token ?? null;
}

function isAlive(row: LeaseRow): boolean {
  const [host, pid] = (row.holder ?? '').split(':');
  return host !== hostname() || pid === undefined || Number(pid) === process.pid || isRunning(Number(pid));
}

function busy(place: { tenantId: string; directory: string }, row: LeaseRow | undefined): RollcallError {
  return new RollcallError('RC_DIRECTORY_BUSY', 75, 'retry', {
    what: `Another process (${row?.holder ?? 'which was a moment faster'}) is at work on this directory.`,
    where: { tenant: place.tenantId, directory: place.directory },
    mend: 'Wait until it is done and run the command again.',
  });
}

/**
 * The fence: called first in every transaction of the holder. On PostgreSQL it locks the row, so that nobody takes the
 * lease over between the check and the commit; on SQLite the transaction itself does.
 *
 * @throws RC_LEASE_LOST when somebody else took the lease meanwhile; nothing is written then.
 */
export async function fence(sql: Sql, lease: Lease): Promise<void> {
  const now = Date.now();
  const where = [lease.tenantId, lease.directoryId, lease.lane, lease.token];
  const rows =
    now - lease.renewedAt > RENEW_MS
      ? await rawRows(
          sql,
          'UPDATE lease SET expires_at = ? WHERE tenant_id = ? AND directory_id = ? AND lane = ? AND token = ? RETURNING token',
          [new Date(now + LIFE_MS).toISOString(), ...where],
        )
      : await rawRows(
          sql,
          `SELECT token FROM lease WHERE tenant_id = ? AND directory_id = ? AND lane = ? AND token = ?${isSqlite(sql) ? '' : ' FOR UPDATE'}`,
          where,
        );
  if (rows.length === 0) throw leaseLost(lease);
  if (now - lease.renewedAt > RENEW_MS) lease.renewedAt = now;
}

/** A sign of life where nothing is written for long: a whole read without news must not lose its lease. */
export async function keepLease(store: Store, lane: Lane, lease: Lease): Promise<void> {
  if (Date.now() - lease.renewedAt > RENEW_MS) await store.writeOne(lane, (sql) => fence(sql, lease));
}

function leaseLost(lease: Lease): RollcallError {
  return new RollcallError('RC_LEASE_LOST', 0, 'stop', {
    what: 'Another process took over this directory; this run stopped without writing more.',
    where: { tenant: lease.tenantId },
    mend: 'Nothing to do: the other run goes on.',
  });
}

/** True while somebody holds a lane of a directory, or died holding it: until it is taken again nobody knows better. */
export async function isHeld(
  sql: Sql,
  place: { tenantId: string; directoryId: string; lane: string },
): Promise<boolean> {
  const { tenantId, directoryId, lane } = place;
  const rows = await rawRows(
    sql,
    'SELECT token FROM lease WHERE tenant_id = ? AND directory_id = ? AND lane = ? AND holder IS NOT NULL',
    [tenantId, directoryId, lane],
  );
  return rows.length > 0;
}

/** Gives the lease back, unless somebody else has it. */
export async function releaseLease(sql: Sql, lease: Lease): Promise<void> {
  await sql('lease')
    .where({ tenant_id: lease.tenantId, directory_id: lease.directoryId, lane: lease.lane, token: lease.token })
    .update({ holder: null });
}
