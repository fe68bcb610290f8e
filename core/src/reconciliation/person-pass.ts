import type { RunDocument } from '../model/documents.js';
import { SOURCE_RECORD, type SourceRecordRow } from '../sources/tables.js';
import { selectRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import { BATCH, type NextSeeds } from './consequence-pass.js';
import type { Job } from './engine.js';
import { RunReport } from './run-report.js';
import { tenantPass } from './sync.js';
import { DUE } from './tables.js';
import type { TenantContext } from './tenant-context.js';

/** Whom a person's decision touches. */
export interface Touched {
  records: readonly string[];
  users: readonly string[];
}

/**
 * Marks whom a decision touches, in the transaction of the decision: a process that dies before it is drawn leaves it to
 * the next run.
 */
export async function markTouched(
  sql: Sql,
  tenantId: string,
  touched: Touched,
  by: { now: string; by: string },
): Promise<void> {
  await updateRows(
    sql,
    SOURCE_RECORD,
    ['dirty'],
    touched.records.map((id) => ({ tenant_id: tenantId, id, dirty: by.by })),
  );
  await upsertRows(
    sql,
    DUE,
    touched.users.map((id) => ({ tenant_id: tenantId, user_id: id, at: by.now })),
  );
}

/** Draws what a person decided, at once: a run of trigger `override`, which no guard holds. */
export async function personPass(
  job: Job,
  context: TenantContext,
  touched: Touched,
  cause: { override?: string; review?: string },
): Promise<RunDocument> {
  const report = new RunReport(job.engine, {
    tenant: context.tenantId,
    directory: null,
    trigger: 'override',
    tier: 'decision',
    shadow: false,
  });
  return tenantPass(job, context, report, {
    directory: null,
    directoryId: null,
    next: () => touchedSeeds(context, touched),
    first: false,
    approved: true,
    override: cause.override ?? null,
    review: cause.review ?? null,
  });
}

function touchedSeeds(context: TenantContext, touched: Touched): NextSeeds {
  let records = 0;
  let users = 0;
  return async (sql) => {
    const ids = touched.records.slice(records, records + BATCH);
    const people = touched.users.slice(users, users + BATCH - ids.length);
    records += ids.length;
    users += people.length;
    if (ids.length + people.length === 0) return null;
    const rows: SourceRecordRow[] = await selectRows(
      sql,
      SOURCE_RECORD,
      { tenant_id: context.tenantId },
      ['id'],
      ids.map((id) => [id]),
    );
    return { records: rows, users: people };
  };
}
