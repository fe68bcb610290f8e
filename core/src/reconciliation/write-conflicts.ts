import type { ConflictCandidate } from '../model/resolution.js';
import { CONFLICT, type ConflictRow } from '../population/tables.js';
import { insertRows, updateRows, type Sql } from '../store/table.js';
import type { ConflictEffect, Effects } from './effects.js';
import type { TenantContext } from './tenant-context.js';
import type { WorkRecord } from './work-set.js';

/** A conflict after the pass, and the event that it leads to; null: nothing changed. */
export interface WrittenConflict {
  row: ConflictRow;
  event: 'conflict.opened' | 'conflict.updated' | 'conflict.closed' | null;
}

/** Opens, updates and closes conflicts. One that is the same as before costs no write. */
export async function writeConflicts(
  sql: Sql,
  context: TenantContext,
  effects: Effects,
  now: string,
): Promise<WrittenConflict[]> {
  const written = effects.conflicts.map((effect) => conflictAfter(context, effects.set.records, effect, now));
  await insertRows(
    sql,
    CONFLICT,
    written.filter((conflict) => conflict.event === 'conflict.opened').map((conflict) => conflict.row),
  );
  await updateRows(
    sql,
    CONFLICT,
    ['status', 'value', 'claims', 'rule_path', 'rules_version', 'updated_at', 'closed_at'],
    written
      .filter((conflict) => conflict.event === 'conflict.updated' || conflict.event === 'conflict.closed')
      .map((conflict) => conflict.row),
  );
  return written;
}

function conflictAfter(
  context: TenantContext,
  records: ReadonlyMap<string, WorkRecord>,
  effect: ConflictEffect,
  now: string,
): WrittenConflict {
  const { before, candidate } = effect;
  if (candidate === null) {
    if (before === null) throw new Error('A conflict that was not open cannot close.');
    return { row: { ...before, status: 'closed', closed_at: now, updated_at: now }, event: 'conflict.closed' };
  }
  const parts = {
    value: JSON.stringify(candidate.value),
    claims: JSON.stringify(claimsOf(records, candidate)),
    rule_path: candidate.rulePath,
  };
  if (before === null) return { row: newRow(context, effect, parts, now), event: 'conflict.opened' };
  const same = before.value === parts.value && before.claims === parts.claims && before.rule_path === parts.rule_path;
  if (same) return { row: before, event: null };
  return {
    row: { ...before, ...parts, rules_version: context.rulesVersion, updated_at: now },
    event: 'conflict.updated',
  };
}

function newRow(
  context: TenantContext,
  effect: ConflictEffect,
  parts: { value: string; claims: string; rule_path: string },
  now: string,
): ConflictRow {
  return {
    tenant_id: context.tenantId,
    id: context.ids.next('cfl'),
    user_id: effect.userId,
    attribute: effect.attribute,
    status: 'open',
    ...parts,
    rules_version: context.rulesVersion,
    opened_at: now,
    updated_at: now,
    closed_at: null,
  };
}

function claimsOf(records: ReadonlyMap<string, WorkRecord>, candidate: ConflictCandidate): object[] {
  return candidate.claims.map((claim) => ({
    directory: claim.directory,
    recordId: claim.recordId,
    sourceId: records.get(claim.recordId)?.row.source_id ?? '',
    value: claim.value,
    wins: claim.wins,
  }));
}
