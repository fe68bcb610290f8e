import { lockPushedDirectories, lockTenant } from '../tenancy/lock-tenant.js';
import type { SourceRecordRow } from '../sources/tables.js';
import type { Sql } from '../store/table.js';
import type { Vanished } from './claim-records.js';
import { commitEffects, type BatchTally } from './commit-effects.js';
import { draw } from './draw.js';
import type { PassCause } from './pass-cause.js';
import type { Effects } from './effects.js';
import { gather, type Seeds } from './gather.js';
import type { GuardCounter } from './guard-counts.js';
import type { RunReport } from './run-report.js';
import { storeGuardCounts } from './run-store.js';
import type { TenantContext } from './tenant-context.js';

/** Users or records taken into one transaction: small enough that the event loop is never held for long. */
export const BATCH = 250;

/** Runs one batch's transaction: `store.write` with its fence, or the one transaction of a rehearsal. */
export type Transact = <T>(task: (sql: Sql) => Promise<T>) => Promise<T>;

/** A consequence pass: what it takes, in whose name, and who watches. */
export interface Pass {
  context: TenantContext;
  report: RunReport;
  cause: PassCause;
  /** Loaded once, when the first batch needs it. */
  vanished: (sql: Sql) => Promise<Vanished>;
  transact: Transact;
  /** Reads; in a rehearsal inside its one transaction. */
  observe: Transact;
  /** Called now and then while nothing is written. */
  stayAlive?(): Promise<void>;
  signal: AbortSignal;
  /** Counts what goes through, for the guards of the next 24 hours. */
  through?: GuardCounter;
  /** Sees every batch after it was drawn: a plan collects, guards count. */
  watch?(effects: Effects): void;
  progress?(done: number): void;
}

/** What a batch starts from; `settled` records were looked at and need no drawing. */
export type BatchSeeds = Pick<Seeds, 'records' | 'pending' | 'users' | 'remap'> & { settled?: number };

/** Which records or users come next; null: none. Called inside the batch's transaction. */
export type NextSeeds = (sql: Sql) => Promise<BatchSeeds | null>;

/** True where a batch has nobody to draw. */
export function isSettled({ records, pending = [], users }: BatchSeeds): boolean {
  return records.length + pending.length + users.length === 0;
}

/** How many records and users a batch looks at. */
export function sizeOf({ records, pending = [], users, settled = 0 }: BatchSeeds): number {
  return records.length + pending.length + users.length + settled;
}

/**
 * The consequence pass: batch by batch, each in one transaction, until nothing is marked. The one writer of the
 * population; it is serial per tenant.
 */
export async function consequencePass(pass: Pass, next: NextSeeds): Promise<void> {
  let done = 0;
  for (;;) {
    pass.signal.throwIfAborted();
    const batch = await pass.transact((sql) => runBatch(sql, pass, next));
    if (batch === null) return;
    // Counted once it is kept: a disk that is full at the commit undoes the batch.
    if (batch.tally !== null) pass.report.noteBatch(batch.tally);
    if (batch.sizes !== null) pass.report.guardCounts = batch.sizes;
    done += batch.taken;
    pass.progress?.(done);
    // Between batches the host's event loop gets its turn.
    await new Promise(setImmediate);
  }
}

/** The locks of a transaction that draws: the tenant, then the directories whose marks it may clear. */
export async function lockPopulation(sql: Sql, { context, cause }: Pass): Promise<void> {
  await lockTenant(sql, context.tenantId);
  await lockPushedDirectories(sql, context.tenantId, cause.directory);
}

async function runBatch(
  sql: Sql,
  pass: Pass,
  next: NextSeeds,
): Promise<{ taken: number; tally: BatchTally | null; sizes: Map<string, number> | null } | null> {
  await lockPopulation(sql, pass);
  const seeds = await next(sql);
  if (seeds === null) return null;
  const { settled = 0 } = seeds;
  if (isSettled(seeds)) return { taken: settled, tally: null, sizes: null };
  const drawn = await drawBatch(sql, pass, seeds);
  pass.through?.count(drawn.effects);
  const sizes = pass.through?.sizes ?? null;
  const tally = await commitBatch(sql, pass, drawn);
  await storeGuardCounts(sql, pass.report.document, sizes);
  return { taken: Math.max(1, settled + seeds.records.length + seeds.users.length), tally, sizes };
}

/** A drawn batch and the instant at which it was drawn. */
export interface DrawnBatch {
  effects: Effects;
  now: string;
}

/** What would come of a batch; nothing is written. */
export async function drawBatch(sql: Sql, pass: Pass, seeds: BatchSeeds): Promise<DrawnBatch> {
  const now = pass.report.now();
  const set = await gather(sql, pass.context, { ...seeds, now, vanished: await pass.vanished(sql) });
  return { effects: await draw(sql, pass.context, set, { now, cause: pass.cause }), now };
}

/** Writes what was drawn in the same transaction. */
export async function commitBatch(sql: Sql, pass: Pass, { effects, now }: DrawnBatch): Promise<BatchTally> {
  pass.watch?.(effects);
  return commitEffects(sql, pass.context, effects, { runId: pass.report.runId, now });
}

/**
 * Takes the marked records of a directory, in order of their number. A dry walk goes through once; else it starts again
 * until no mark is left, since a pass may mark records whose references it resolved.
 */
export function markedRecords(context: TenantContext, directoryId: string, dry: boolean): NextSeeds {
  let last = -1;
  let isThrough = false;
  return async (sql) => {
    for (;;) {
      if (isThrough && dry) return null;
      const from = isThrough ? -1 : last;
      const rows = (await sql('source_record')
        .where({ tenant_id: context.tenantId, directory_id: directoryId })
        .whereNotNull('dirty')
        .where('no', '>', from)
        .orderBy('no')
        .limit(BATCH)) as SourceRecordRow[];
      isThrough = rows.length < BATCH;
      const end = rows[rows.length - 1];
      if (end !== undefined) {
        last = end.no;
        return { records: rows, users: [] };
      }
      if (from === -1) return null;
    }
  };
}

/** Takes users from a list that is handed out once. */
export function listedUsers(userIds: readonly string[]): NextSeeds {
  let at = 0;
  return () => {
    const users = userIds.slice(at, at + BATCH);
    at += users.length;
    return Promise.resolve(users.length === 0 ? null : { records: [], users });
  };
}
