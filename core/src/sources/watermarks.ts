import type { Sql } from '../store/table.js';
import type { WatermarkRow } from './tables.js';

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
