import { updateRows, upsertRows, type Sql } from '../store/table.js';
import { countPresent } from './known-records.js';
import { forgetOtherPlaces } from './quarantine.js';
import type { ReadState } from './read-state.js';
import { SOURCE_RECORD, WATERMARK, type SourceRecordRow, type WatermarkRow } from './tables.js';

/** The last complete read of a kind; null: there was none. */
export async function readWatermark(
  sql: Sql,
  tenantId: string,
  directoryId: string,
  kind: string,
): Promise<WatermarkRow | null> {
  const row = (await sql('watermark')
    .where({ tenant_id: tenantId, directory_id: directoryId, kind, scope: '*' })
    .first()) as WatermarkRow | undefined;
  return row ?? null;
}

/** Rows asked for at once while looking for who was not met. */
const PAGE = 5_000;

/**
 * Ends a read that proved itself whole: whoever it did not meet is gone, and its watermark and seal are stored, all in
 * the caller's transaction. The tombstone is stored once; nothing is deleted.
 */
export async function concludeWholeRead(
  sql: Sql,
  state: ReadState,
  end: { begin: number; scopeKey: string | null },
): Promise<void> {
  const { tenantId, directoryId, kind } = state;
  const present = await countPresent(sql, tenantId, directoryId, kind);
  // Everybody met is present but for those that are doubted or stale: without these, equal counts mean that nobody is
  // missing, and the records need not be walked.
  const mayHaveMetGone = state.quarantined.size > 0 || state.counts.stale > 0;
  if (mayHaveMetGone || present !== state.seen.count) await buryUnseen(sql, state, end.begin);
  await forgetOtherPlaces(sql, tenantId, directoryId, kind, state.quarantined);
  await upsertRows(sql, WATERMARK, [
    {
      tenant_id: tenantId,
      directory_id: directoryId,
      kind,
      scope: '*',
      watermark: state.firstBegin,
      seal: state.lastBegin,
      count: state.seen.count,
      scope_key: end.scopeKey,
      read_at: state.observedAt,
    },
  ]);
}

async function buryUnseen(sql: Sql, state: ReadState, begin: number): Promise<void> {
  let last = -1;
  for (;;) {
    const rows = (await sql('source_record')
      .where({ tenant_id: state.tenantId, directory_id: state.directoryId, kind: state.kind })
      .whereNull('gone_begin')
      .where('no', '>', last)
      .orderBy('no')
      .limit(PAGE)) as SourceRecordRow[];
    const gone = rows.filter((row) => state.seen.pageOf(row.no) === 0 && row.begin <= begin);
    await updateRows(
      sql,
      SOURCE_RECORD,
      ['gone_begin', 'gone_reason', 'gone_at', 'dirty'],
      gone.map((row) => ({
        ...row,
        gone_begin: begin,
        gone_reason: 'absent',
        gone_at: state.observedAt,
        dirty: state.runId,
      })),
    );
    state.counts.absent += gone.length;
    state.rowsWritten.records += gone.length;
    if (rows.length < PAGE) return;
    last = rows[rows.length - 1]?.no ?? last;
  }
}
