import { upsertRows, type Sql } from '../store/table.js';
import type { FieldStat } from './field-stats.js';
import { FIELD_STAT, type FieldStatRow } from './tables.js';

/** The fields of one kind of a directory. */
export interface FieldPlace {
  tenantId: string;
  directoryId: string;
  kind: string;
}

/** What earlier reads showed, by field. */
export async function readFieldStats(sql: Sql, place: FieldPlace): Promise<Map<string, FieldStat>> {
  const rows = await sql<FieldStatRow>('field_stat')
    .where({ tenant_id: place.tenantId, directory_id: place.directoryId, kind: place.kind })
    .select();
  return new Map(
    rows.map((row) => [
      row.field,
      {
        present: row.present,
        total: row.total,
        types: JSON.parse(row.types) as FieldStat['types'],
        values: JSON.parse(row.samples) as FieldStat['values'],
      },
    ]),
  );
}

export async function storeFieldStats(
  sql: Sql,
  place: FieldPlace,
  stats: ReadonlyMap<string, FieldStat>,
  readAt: string,
): Promise<void> {
  await upsertRows(
    sql,
    FIELD_STAT,
    [...stats].map(([field, stat]) => ({
      tenant_id: place.tenantId,
      directory_id: place.directoryId,
      kind: place.kind,
      field,
      present: stat.present,
      total: stat.total,
      types: JSON.stringify(stat.types),
      samples: JSON.stringify(stat.values),
      read_at: readAt,
    })),
  );
}
