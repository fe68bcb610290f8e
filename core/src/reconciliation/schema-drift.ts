import { settleFindings } from '../history/findings.js';
import type { CompiledMapping } from '../mapping/mapping-file.js';
import type { Catalogue } from '../model/catalogue.js';
import type { JsonObject } from '../model/json.js';
import { driftOf, MIN_RECORDS } from '../sources/field-drift.js';
import { isFieldName, mergeStats, type FieldStat, type FieldStats } from '../sources/field-stats.js';
import { readFieldStats, storeFieldStats, type FieldPlace } from '../sources/stored-field-stats.js';
import type { Sql } from '../store/table.js';
import type { TenantContext } from './tenant-context.js';

/** What a whole read showed of a source's schema. */
export interface SchemaSight {
  directory: { id: string; name: string };
  kind: string;
  /** The header, and that of the last accepted read; null where the source declares none. */
  columns: readonly string[] | null;
  columnsBefore: readonly string[] | null;
  fields: FieldStats;
  now: string;
}

/**
 * Compares what a whole read showed of its fields with what they were, and keeps findings of it. A read with the same
 * header and few changes costs nothing.
 */
export async function watchSchema(sql: Sql, context: TenantContext, sight: SchemaSight): Promise<void> {
  const found = headerDrift(sight);
  const compared = sight.fields.total < MIN_RECORDS ? [] : await compareFields(sql, context, sight, found);
  const prefix = `${sight.directory.name}/${sight.kind}/`;
  const subjects = [...new Set([...found.keys(), ...compared])].sort().map((field) => prefix + field);
  if (subjects.length === 0) return;
  await settleFindings(sql, {
    tenantId: context.tenantId,
    name: 'schemaDrift',
    subjects,
    judge: (subject, standing) => judge(found.get(subject.slice(prefix.length)) ?? null, standing),
    now: sight.now,
    newId: () => context.ids.next('fnd'),
  });
}

/** A column that vanished stays a finding until it is back, which is no finding. */
function judge(found: JsonObject | null, standing: JsonObject | null): JsonObject | null {
  if (standing?.what !== 'vanished') return found;
  if (found === null) return standing;
  return found.what === 'vanished' ? found : null;
}

function headerDrift({ columns, columnsBefore }: SchemaSight): Map<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  if (columns === null || columnsBefore === null) return found;
  const [now, before] = [new Set(columns.filter(isFieldName)), new Set(columnsBefore.filter(isFieldName))];
  for (const column of before) if (!now.has(column)) found.set(column, { what: 'vanished' });
  for (const column of now) if (!before.has(column)) found.set(column, { what: 'appeared' });
  return found;
}

/** Adds the drift of fields to `found` and takes the read into their measure. @returns the fields that were compared. */
async function compareFields(
  sql: Sql,
  context: TenantContext,
  sight: SchemaSight,
  found: Map<string, JsonObject>,
): Promise<string[]> {
  const place: FieldPlace = { tenantId: context.tenantId, directoryId: sight.directory.id, kind: sight.kind };
  const stored = await readFieldStats(sql, place);
  const measured = new Map<string, FieldStat>();
  for (const field of new Set([...stored.keys(), ...sight.fields.names()])) {
    if (sight.columns?.includes(field) === false) continue;
    const before = stored.get(field);
    const now = sight.fields.of(field);
    const drift = before === undefined ? null : driftOf(before, now);
    if (drift !== null && !found.has(field)) found.set(field, drift);
    measured.set(field, mergeStats(before, now));
  }
  await storeFieldStats(sql, place, measured, sight.now);
  return [...measured.keys()];
}

/** Fields whose values may be kept: those that the mapping reads, and for no personal attribute. */
export function impersonalFields(mapping: CompiledMapping, catalogue: Catalogue): Set<string> {
  const impersonal = new Set<string>();
  const personal = new Set<string>(mapping.sourceId.reads === 'all' ? [] : mapping.sourceId.reads);
  for (const [name, { reads }] of mapping.attributes) {
    const isPersonal = catalogue.get(name)?.personal ?? true;
    if (reads === 'all' && isPersonal) return new Set();
    for (const field of reads === 'all' ? [] : reads) (isPersonal ? personal : impersonal).add(field);
  }
  return new Set([...impersonal].filter((field) => !personal.has(field)));
}
