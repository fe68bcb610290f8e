import type { Json } from '../model/json.js';
import { upsertRows, type Sql } from '../store/table.js';
import { ACCEPTED, type AcceptedRow } from './tables.js';

/** What the last accepted read of a kind left behind. */
export interface Accepted {
  state: Json;
  columns: readonly string[] | null;
  /** Columns that are gone and that a mapping reads. */
  vanished: readonly string[];
}

/** The accepted reads of a directory, by kind. */
export async function readAccepted(sql: Sql, tenantId: string, directoryId: string): Promise<Map<string, Accepted>> {
  const rows = (await sql('accepted').where({ tenant_id: tenantId, directory_id: directoryId })) as AcceptedRow[];
  return new Map(
    rows.map((row) => [
      row.kind,
      {
        state: JSON.parse(row.state) as Json,
        columns: row.columns === null ? null : (JSON.parse(row.columns) as string[]),
        vanished: JSON.parse(row.vanished) as string[],
      },
    ]),
  );
}

/** Stores what a read left, when and only when it was accepted. */
export async function storeAccepted(
  sql: Sql,
  place: { tenantId: string; directoryId: string; kind: string; readAt: string },
  accepted: Accepted,
): Promise<void> {
  await upsertRows(sql, ACCEPTED, [
    {
      tenant_id: place.tenantId,
      directory_id: place.directoryId,
      kind: place.kind,
      state: JSON.stringify(accepted.state),
      columns: accepted.columns === null ? null : JSON.stringify(accepted.columns),
      vanished: JSON.stringify(accepted.vanished),
      read_at: place.readAt,
    },
  ]);
}
