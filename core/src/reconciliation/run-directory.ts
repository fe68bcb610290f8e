import type { DoubtDocument, HeldDocument, RunDocument } from '../model/documents.js';
import type { ReviewRow } from '../population/tables.js';
import { QUARANTINED } from '../sources/quarantine.js';
import { rawRows, type Sql } from '../store/table.js';
import type { Directory } from '../tenancy/directories.js';
import { laneOf } from '../scheduling/lanes.js';
import { fence, keepLease, releaseLease, takeLease, type Lease } from '../scheduling/lease.js';
import type { TierName } from '../scheduling/tier.js';
import type { Transact } from './consequence-pass.js';
import type { Job } from './engine.js';
import { errorBody, failure, retryAdvice, runErrorBody, type RetryAdvice } from './error-body.js';
import { evidencePass } from './evidence-pass.js';
import { exitCodeOfRun } from './exit-code.js';
import { fastPass } from './fast-pass.js';
import { noteMissed } from './missed-changes.js';
import { RunReport } from './run-report.js';
import { closeDeadRuns, storeRun } from './run-store.js';
import type { TenantContext } from './tenant-context.js';

/** What is left of a read once its evidence is kept. */
interface ReadEvidence {
  /** What ended it early, where its consequences are drawn all the same; null: nothing. */
  failure: Error | null;
  close(): Promise<void>;
  told(): Promise<void>;
}

/** A run's document and the exit code that it stands for. */
export interface EndedRun {
  document: RunDocument;
  exitCode: number;
  /** Where it failed. */
  retry?: RetryAdvice;
}

/** How a directory is run. */
export interface RunOptions {
  full: boolean;
  /** What asked for it; `manual` where nothing is said. */
  trigger?: string;
  /** Which tier; `full` where nothing is said. Its lane has a lease of its own. */
  tier?: TierName;
  /** False: nothing is fetched. Default: true. */
  read?: boolean;
  /** What happens after the evidence is in. */
  draw(run: DirectoryRun): Promise<void>;
}

/** Runs under the directory's lease; `draw` says what happens after the evidence is in. */
export async function runDirectory(
  job: Job,
  context: TenantContext,
  directory: Directory,
  options: RunOptions,
): Promise<EndedRun> {
  const report = new RunReport(job.engine, {
    tenant: context.tenantId,
    directory: directory.name,
    trigger: options.trigger ?? 'manual',
    tier: options.tier ?? 'full',
    shadow: directory.mode === 'shadow',
  });
  if (directory.paused || directory.mode === 'draft' || directory.mode === 'retired') return skipped(report);
  let lease: Lease;
  try {
    lease = await job.engine.store.write(job.lane, (sql) => begin(sql, context, directory, report));
  } catch (error) {
    return failed(report, error, job);
  }
  const run = new DirectoryRun(job, context, directory, report, lease);
  try {
    return await run.run(options);
  } finally {
    await run.release();
  }
}

/** Takes the lease and says that a run has begun, in one transaction. */
async function begin(sql: Sql, context: TenantContext, directory: Directory, report: RunReport): Promise<Lease> {
  const lease = await takeLease(sql, {
    tenantId: context.tenantId,
    directoryId: directory.id,
    lane: laneOf(report.document.tier),
    directory: directory.name,
  });
  await closeDeadRuns(sql, lease, report.now());
  await storeRun(sql, directory.id, report.document, false);
  return lease;
}

/** A directory's run while it goes. */
export class DirectoryRun {
  readonly job: Job;
  readonly context: TenantContext;
  readonly directory: Directory;
  readonly report: RunReport;
  readonly #lease: Lease;

  constructor(job: Job, context: TenantContext, directory: Directory, report: RunReport, lease: Lease) {
    this.job = job;
    this.context = context;
    this.directory = directory;
    this.report = report;
    this.#lease = lease;
  }

  /** A transaction under the fence. */
  readonly transact: Transact = (task) =>
    this.job.engine.store.write(this.job.lane, async (sql) => {
      await fence(sql, this.#lease);
      return task(sql);
    });

  /** A sign of life where nothing is written for long. */
  readonly stayAlive = (): Promise<void> => keepLease(this.job.engine.store, this.job.lane, this.#lease);

  async run(options: RunOptions): Promise<EndedRun> {
    const { engine, signal } = this.job;
    try {
      const accepted = options.read === false ? null : await this.#readEvidence(options.full);
      try {
        await options.draw(this);
        if (accepted?.failure != null) throw accepted.failure;
        await this.#noteStanding();
        const document = this.report.end('finished');
        await this.transact((sql) => storeRun(sql, this.directory.id, document, true, this.report.guardCounts));
        await this.#tellSource(accepted);
        return { document, exitCode: exitCodeOfRun(document, null) };
      } finally {
        await accepted?.close();
      }
    } catch (error) {
      const { outcome, exitCode } = failure(error, signal);
      // The document has the error: whoever shows both would say it twice.
      await this.#notePending();
      engine.log.info('A run failed.', { runId: this.report.runId, directory: this.directory.name, outcome });
      const document = this.report.end(
        outcome,
        outcome === 'superseded'
          ? null
          : runErrorBody(error, signal, { tenant: this.context.tenantId, directory: this.directory.name }),
      );
      await this.#storeFailure(document);
      return { document, exitCode, retry: retryAdvice(error) };
    }
  }

  async release(): Promise<void> {
    try {
      await this.job.engine.store.writeOne(this.job.lane, (sql) => releaseLease(sql, this.#lease));
    } catch {
      // It expires by itself, and a dead holder is recognised.
    }
  }

  async #readEvidence(full: boolean): Promise<ReadEvidence> {
    const { job, context, directory, report } = this;
    const connector = await job.engine.openConnector(context.tenantId, directory);
    const reading = { job, context, directory, report, lease: this.#lease, connector };
    try {
      const isFast = laneOf(report.document.tier) === 'fast';
      const states = isFast ? {} : await evidencePass(reading, full);
      const { failure } = isFast ? await fastPass(reading) : { failure: null };
      await noteMissed(reading);
      return {
        failure,
        close: () => connector.close(),
        told: async () => connector.connector.committed?.(states, this.job.signal),
      };
    } catch (error) {
      await connector.close();
      throw error;
    }
  }

  /** After the commit: archive, acknowledge. A source that refuses now is told again next time; nothing is lost. */
  async #tellSource(accepted: { told: () => Promise<void> } | null): Promise<void> {
    try {
      await accepted?.told();
    } catch (error) {
      this.report.noteWarnings([{ code: 'RC_SOURCE_NOT_TOLD', message: errorBody(error).message }]);
    }
  }

  /** What of this directory still waits for a person, also from earlier runs. */
  async #noteStanding(): Promise<void> {
    const { tenantId } = this.context;
    await this.job.engine.store.read(async (sql) => {
      const document = this.report.document;
      const standing = await countStanding(sql, tenantId, this.directory.id);
      document.records.quarantined = standing.quarantined;
      document.pending = standing.pending;
      if (standing.reviews > 0) await this.#noteReviews(sql);
    });
  }

  /** What a run that stops leaves to the next one, where the store still answers. */
  async #notePending(): Promise<void> {
    try {
      const { pending } = await this.job.engine.store.read((sql) =>
        countStanding(sql, this.context.tenantId, this.directory.id),
      );
      this.report.document.pending = pending;
    } catch {
      // The store itself may be what failed.
    }
  }

  async #noteReviews(sql: Sql): Promise<void> {
    const { document } = this.report;
    const open = (await sql('review')
      .where({ tenant_id: this.context.tenantId, status: 'open', directory_id: this.directory.id })
      .whereIn('kind', ['guard', 'doubt'])
      .orderBy('id')) as ReviewRow[];
    const known = new Set(document.doubts.map((doubt) => doubt.doubt as string));
    this.report.noteDoubts(open.filter((row) => row.kind === 'doubt' && !known.has(row.doubt ?? '')).map(doubtOf));
    const held = new Set(document.held.map((entry) => entry.reviewId));
    this.report.noteHeld(open.filter((row) => row.kind === 'guard' && !held.has(row.id)).map(heldOf));
  }

  async #storeFailure(document: RunDocument): Promise<void> {
    try {
      await this.job.engine.store.write(this.job.lane, (sql) =>
        storeRun(sql, this.directory.id, document, true, this.report.guardCounts),
      );
    } catch {
      // The store itself may be what failed; the document tells what happened.
    }
  }
}

interface Standing {
  quarantined: number;
  pending: number;
  reviews: number;
}

/** Three counts by one statement: every run asks them, and mostly all are 0. */
async function countStanding(sql: Sql, tenantId: string, directoryId: string): Promise<Standing> {
  const place = [tenantId, directoryId];
  const rows = await rawRows<Record<keyof Standing, number | string>>(
    sql,
    `SELECT (${QUARANTINED}) AS quarantined,
       (SELECT count(*) FROM source_record WHERE tenant_id = ? AND directory_id = ? AND dirty IS NOT NULL) AS pending,
       (SELECT count(*) FROM review WHERE tenant_id = ? AND directory_id = ? AND status = 'open' AND kind IN ('guard', 'doubt')) AS reviews`,
    [...place, ...place, ...place],
  );
  const counted = rows[0];
  return {
    quarantined: Number(counted?.quarantined ?? 0),
    pending: Number(counted?.pending ?? 0),
    reviews: Number(counted?.reviews ?? 0),
  };
}

function doubtOf(row: ReviewRow): DoubtDocument {
  const counts = JSON.parse(row.counts) as { before?: number; now?: number };
  const detail = JSON.parse(row.detail) as { attributes?: string[] };
  return {
    doubt: row.doubt as DoubtDocument['doubt'],
    before: counts.before ?? 0,
    now: counts.now ?? 0,
    attributes: detail.attributes ?? [],
  };
}

function heldOf(row: ReviewRow): HeldDocument {
  const counts = JSON.parse(row.counts) as { users?: number; limit?: number };
  return { reviewId: row.id, guard: row.guard ?? '', count: counts.users ?? 0, limit: counts.limit ?? 0 };
}

function skipped(report: RunReport): EndedRun {
  const document = report.end('skipped');
  return { document: { ...document, runId: null }, exitCode: 0 };
}

function failed(report: RunReport, error: unknown, job: Job): EndedRun {
  const { outcome, exitCode } = failure(error, job.signal);
  return {
    document: {
      ...report.end(
        outcome,
        runErrorBody(error, job.signal, { tenant: report.document.tenant, directory: report.document.directory ?? '' }),
      ),
      runId: null,
    },
    exitCode,
    retry: retryAdvice(error),
  };
}
