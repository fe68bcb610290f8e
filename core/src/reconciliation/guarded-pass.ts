import { RollcallError, type ErrorPlace } from '@rollcall/connector-kit';
import type { HeldDocument } from '../model/documents.js';
import type { Sql } from '../store/table.js';
import type { Directory } from '../tenancy/directories.js';
import type { BatchTally } from './commit-effects.js';
import {
  BATCH,
  commitBatch,
  consequencePass,
  drawBatch,
  isSettled,
  lockPopulation,
  sizeOf,
  type BatchSeeds,
  type NextSeeds,
  type Pass,
} from './consequence-pass.js';
import { newlyUnknown } from './draw.js';
import { gather } from './gather.js';
import { GuardCounter } from './guard-counts.js';
import { findTrips, hasNobody, isSingly, privilegedGroups } from './guard-facts.js';
import { quarantineTrips, type Trip } from './guard-trips.js';
import { writeHolds } from './holds.js';
import { storeGuardCounts } from './run-store.js';
import type { TenantContext } from './tenant-context.js';
import type { WorkRecord } from './work-set.js';

/** What a guarded pass works on. */
export interface GuardedWork {
  directory: Directory | null;
  /** Starts anew at each call: the pass is counted first (`dry`: nothing may be written) and applied then. */
  next(dry: boolean): NextSeeds;
  /** The directory had never been read whole when the run began. */
  first: boolean;
  /** True: the pass closes what asked for it, also where nobody is left to be drawn. */
  closes?: boolean;
  /** True: a person decided already; nothing is held. */
  approved?: boolean;
}

/**
 * A consequence pass whose guards have counted over all of it before the first consequence is written: in the
 * transaction that writes it where it is less than a batch, else by a walk before.
 */
export async function guardedPass(pass: Pass, work: GuardedWork): Promise<void> {
  if (work.approved === true) return consequencePass(pass, work.next(false));
  const look = work.closes === true ? 'unseen' : await pass.observe((sql) => work.next(true)(sql));
  if (look === null) return;
  if (look !== 'unseen' && isShort(look)) {
    const next = work.next(false);
    const tally = await passAtOnce(pass, work, next);
    if (tally !== null) {
      pass.report.noteBatch(tally);
      return consequencePass(pass, next);
    }
  }
  const { trips, through } = await countAll(pass, work);
  if (trips.length > 0) await hold(pass, work, trips);
  return consequencePass(through === null ? pass : { ...pass, through }, work.next(false));
}

/** What a transaction that fails would have let through is nothing. */
async function passAtOnce(pass: Pass, work: GuardedWork, next: NextSeeds): Promise<BatchTally | null> {
  try {
    return await pass.transact(async (sql) => {
      const tally = await countAndWrite(sql, pass, work, next);
      await storeGuardCounts(sql, pass.report.document, pass.report.guardCounts);
      return tally;
    });
  } catch (error) {
    pass.report.guardCounts = new Map();
    throw error;
  }
}

/** Less than a batch: nothing comes after it. */
function isShort(seeds: BatchSeeds): boolean {
  return sizeOf(seeds) < BATCH && !isSettled(seeds);
}

/**
 * Most runs have few news: they are drawn once, counted and written in one transaction.
 *
 * @returns null where nothing was written: it became more than a batch, or a guard trips.
 */
export async function countAndWrite(
  sql: Sql,
  pass: Pass,
  work: GuardedWork,
  next: NextSeeds,
): Promise<BatchTally | null> {
  await lockPopulation(sql, pass);
  const seeds = await next(sql);
  if (seeds === null || !isShort(seeds)) return null;
  const counting = await startCounting(sql, pass, work);
  const drawn = await drawBatch(sql, pass, seeds);
  if (counting.isEmpty) counting.counter.countMapped(drawn.effects.set);
  else counting.counter.count(drawn.effects);
  if (quarantineTrips(pass.context.rules.guards, counting.counter) !== null) return null;
  if ((await judge(sql, pass, work, counting)).length > 0) return null;
  pass.report.guardCounts = counting.counter.sizes;
  return commitBatch(sql, pass, drawn);
}

interface Counting {
  counter: GuardCounter;
  /** Ids of the privileged groups. */
  groups: readonly string[];
  /** The first read of an empty tenant, where nobody can lose anything: only what cannot be mapped counts. */
  isEmpty: boolean;
}

async function startCounting(sql: Sql, { context, report }: Pass, work: GuardedWork): Promise<Counting> {
  const groups = await privilegedGroups(sql, context, work.directory);
  const counter = new GuardCounter({
    directory: work.directory?.name ?? null,
    grown: !work.first,
    creations: !isSingly(report.trigger),
    privilegedGroups: new Set(groups),
  });
  return { counter, groups, isEmpty: work.first && (await hasNobody(sql, context.tenantId)) };
}

/** Walks through all of it without writing. */
async function countAll(pass: Pass, work: GuardedWork): Promise<{ trips: Trip[]; through: GuardCounter | null }> {
  const counting = await pass.observe((sql) => startCounting(sql, pass, work));
  await countBatches(pass, work.next(true), counting);
  const broken = quarantineTrips(pass.context.rules.guards, counting.counter);
  if (broken !== null) throw mappingBroken(pass.context, work, broken, counting.counter.firstUnknown);
  const trips = await pass.observe((sql) => judge(sql, pass, work, counting));
  return { trips, through: counting.isEmpty ? null : counting.counter.anew() };
}

/** The guards that trip. */
async function judge(sql: Sql, pass: Pass, work: GuardedWork, { counter, groups }: Counting): Promise<Trip[]> {
  return findTrips(sql, pass.context, work.directory, {
    counter,
    groups,
    now: pass.report.now(),
    trigger: pass.report.trigger,
  });
}

async function countBatches(pass: Pass, next: NextSeeds, counting: Counting): Promise<void> {
  for (;;) {
    pass.signal.throwIfAborted();
    await pass.stayAlive?.();
    const more = await pass.observe((sql) => countBatch(sql, pass, next, counting));
    if (!more) return;
    await new Promise(setImmediate);
  }
}

async function countBatch(sql: Sql, pass: Pass, next: NextSeeds, { counter, isEmpty }: Counting): Promise<boolean> {
  const seeds = await next(sql);
  if (seeds === null) return false;
  counter.examined += seeds.settled ?? 0;
  if (isSettled(seeds)) return true;
  if (isEmpty) {
    const vanished = await pass.vanished(sql);
    counter.countMapped(await gather(sql, pass.context, { ...seeds, now: pass.report.now(), vanished }));
  } else counter.count((await drawBatch(sql, pass, seeds)).effects);
  return true;
}

async function hold(pass: Pass, work: GuardedWork, trips: readonly Trip[]): Promise<void> {
  const { context, report } = pass;
  const written = await pass.transact((sql) =>
    writeHolds(sql, context, trips, {
      runId: report.runId,
      now: report.now(),
      directoryId: work.directory?.id ?? null,
    }),
  );
  report.noteHeld(written.held);
  report.noteEvents(written.events);
}

function mappingBroken(
  context: TenantContext,
  { directory }: GuardedWork,
  { count, limit }: Pick<HeldDocument, 'count' | 'limit'>,
  record: WorkRecord | null,
): RollcallError {
  const example = record === null ? null : exampleOf(record);
  return new RollcallError('RC_GUARD_QUARANTINE', 1, 'stop', {
    what: `${count} records have attributes that cannot be mapped (limit ${limit}): the mapping or the export is broken. Nobody was changed.${example?.what ?? ''}`,
    where: {
      tenant: context.tenantId,
      ...(directory === null ? {} : { directory: directory.name }),
      ...example?.where,
    },
    mend: `${example?.mend ?? 'Mend the mapping or the export.'} Then run: rollcall sync`,
  });
}

/** What is wrong with one of them, for whoever has to find the mistake. */
function exampleOf(record: WorkRecord): { what: string; where: ErrorPlace; mend: string } | null {
  const [attribute = ''] = newlyUnknown(record);
  const cause = record.claims[attribute]?.unknown?.cause;
  if (cause === undefined) return null;
  return { what: ` One of them, ${attribute}: ${cause.message}`, where: placeOf(record, attribute), mend: cause.mend };
}

function placeOf({ row, position }: WorkRecord, attribute: string): ErrorPlace {
  return {
    kind: row.kind,
    sourceId: row.source_id,
    attribute,
    ...(position?.file == null ? {} : { file: position.file }),
    ...(position?.line == null ? {} : { line: position.line }),
  };
}
