import { RollcallError, type PushStore, type PushUnit } from '@rollcall/connector-kit';
import { BY_SCIM, DECISION } from '../correlation/tables.js';
import { PushEvidence } from '../sources/push-evidence.js';
import { PushedReading, type PushPlace } from '../sources/pushed-reading.js';
import { PushedUnit } from '../sources/pushed-unit.js';
import { insertRows, type Sql } from '../store/table.js';
import { lockDirectoryForPush, type Directory } from '../tenancy/directories.js';
import { tryLockTenant } from '../tenancy/lock-tenant.js';
import { BATCH, type Pass } from './consequence-pass.js';
import type { Engine } from './engine.js';
import { countAndWrite } from './guarded-pass.js';
import { hasMarksOf, recordsMarkedBy } from './pushed-marks.js';
import { RunReport } from './run-report.js';
import { storeRun } from './run-store.js';
import type { TenantContext } from './tenant-context.js';
import { vanishedOnce } from './vanished.js';

/** What the stores of all directories share. */
export interface PushTools {
  engine: Engine;
  /** The tenant as it is in force; null: never applied. */
  context(sql: Sql, tenantId: string): Promise<TenantContext | null>;
  /** Hears of units whose consequences are still to be drawn: the directory, and the run that marked them. */
  later(place: PushPlace, runId: string): void;
}

/** A unit of work while it runs. */
interface Work {
  context: TenantContext;
  directory: Directory;
  report: RunReport;
}

/**
 * What a source pushes to one directory. A unit of work is evidence, committed before the answer; its consequences come
 * with it where the tenant is free, nobody else waits to push, and they are less than a batch, else at once after it.
 */
export class DirectoryPushStore extends PushedReading implements PushStore {
  readonly #tools: PushTools;

  constructor(tools: PushTools, place: PushPlace) {
    super(place, (task) => tools.engine.store.read(task));
    this.#tools = tools;
  }

  async write<T>(work: (unit: PushUnit) => Promise<T>): Promise<T> {
    const { value, later } = await this.#tools.engine.store.write('push', (sql) => this.#unit(sql, work));
    if (later !== null) this.#tools.later(this.place, later);
    return value;
  }

  async #unit<T>(sql: Sql, task: (unit: PushUnit) => Promise<T>): Promise<{ value: T; later: string | null }> {
    const { engine } = this.#tools;
    const { tenantId, directoryId } = this.place;
    await lockDirectoryForPush(sql, tenantId, directoryId, engine.clock.now());
    const work = await this.#begin(sql);
    const evidence = new PushEvidence(sql, this.place, {
      runId: work.report.runId,
      observedAt: work.report.now(),
      ids: engine.ids,
    });
    const value = await task(
      new PushedUnit(sql, this.place, { evidence, follow: (former, record) => this.#bind(sql, work, former, record) }),
    );
    if (evidence.isEmpty) return { value, later: null };
    noteEvidence(work.report, evidence);
    const isDrawn = await this.#draw(sql, work, evidence.tally.marked);
    const document = work.report.end('finished');
    if (!isDrawn) document.pending = evidence.tally.marked;
    await storeRun(sql, directoryId, document, true, work.report.guardCounts);
    return { value, later: isDrawn || work.directory.mode !== 'live' ? null : work.report.runId };
  }

  async #begin(sql: Sql): Promise<Work> {
    const { tenantId, directoryId } = this.place;
    const context = await this.#tools.context(sql, tenantId);
    const directory = context?.byId.get(directoryId);
    if (context === null || directory === undefined || !takesPushes(directory)) throw closed();
    const parts = { tenant: tenantId, directory: directory.name, trigger: 'push', tier: 'push' };
    const report = new RunReport(this.#tools.engine, { ...parts, shadow: directory.mode === 'shadow' });
    return { context, directory, report };
  }

  /** A person who was deleted and is created again is the same person. */
  #bind(sql: Sql, { report }: Work, formerRecordId: string, recordId: string): Promise<void> {
    const { ids } = this.#tools.engine;
    return insertRows(sql, DECISION, [
      {
        tenant_id: this.place.tenantId,
        id: ids.next('dec'),
        kind: 'together',
        record_a: formerRecordId,
        record_b: recordId,
        decided_by: BY_SCIM,
        reason: 'Deleted and created again by its source.',
        at: report.now(),
      },
    ]);
  }

  /**
   * Draws what the unit marked, in its transaction.
   *
   * @returns false where something of it is left for later.
   */
  async #draw(sql: Sql, work: Work, marked: number): Promise<boolean> {
    if (marked === 0) return true;
    if (work.directory.mode !== 'live' || marked >= BATCH) return false;
    // Others wait for their answers: all of them are drawn together, right after.
    if (this.#tools.engine.store.isAwaited('push')) return false;
    if (!(await tryLockTenant(sql, this.place.tenantId))) return false;
    return this.#drawLocked(sql, work);
  }

  /** What goes wrong here must not take the evidence with it. */
  async #drawLocked(sql: Sql, { context, directory, report }: Work): Promise<boolean> {
    const { runId } = report;
    const { log } = this.#tools.engine;
    await sql.raw('SAVEPOINT consequences');
    try {
      const next = recordsMarkedBy(context, directory.id, [runId], false);
      const tally = await countAndWrite(sql, passOf(sql, { context, directory, report }), workOf(directory), next);
      if (tally !== null) report.noteBatch(tally);
      else report.guardCounts = new Map();
      await sql.raw('RELEASE SAVEPOINT consequences');
    } catch (error) {
      await sql.raw('ROLLBACK TO SAVEPOINT consequences');
      report.guardCounts = new Map();
      log.warn('The consequences of a push could not be drawn with it.', { runId, error: nameOf(error) });
      return false;
    }
    return !(await hasMarksOf(sql, this.place.tenantId, directory.id, [runId]));
  }
}

/** Paused, draft and retired directories take nothing: whoever disabled them has not asked for anybody to leave. */
export function takesPushes({ mode, paused }: Pick<Directory, 'mode' | 'paused'>): boolean {
  return !paused && (mode === 'live' || mode === 'shadow');
}

function passOf(sql: Sql, { context, directory, report }: Work): Pass {
  return {
    context,
    report,
    cause: { runId: report.runId, trigger: 'push', directory: directory.name, override: null, review: null },
    vanished: vanishedOnce(context.tenantId),
    transact: (task) => task(sql),
    observe: (task) => task(sql),
    signal: new AbortController().signal,
  };
}

function workOf(directory: Directory): Parameters<typeof countAndWrite>[2] {
  return { directory, next: () => () => Promise.resolve(null), first: false };
}

function noteEvidence(report: RunReport, { tally }: PushEvidence): void {
  const read = tally.new + tally.changed + tally.same + tally.absent;
  report.noteRead({
    records: {
      read,
      new: tally.new,
      changed: tally.changed,
      same: tally.same,
      stale: 0,
      absent: tally.absent,
      quarantined: 0,
    },
    rows: { records: tally.records, payloads: tally.payloads },
  });
}

function closed(): RollcallError {
  return new RollcallError('RC_PUSH_CLOSED', 1, 'stop', {
    what: 'This directory takes no pushes now.',
    mend: 'Set it live or resume it: rollcall directory resume NAME',
  });
}

/** An error without its words: they may hold values of people. */
function nameOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : typeof error;
}
