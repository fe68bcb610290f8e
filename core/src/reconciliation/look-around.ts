import { rawRows, type Sql } from '../store/table.js';

/** Which tables have anything of the tenant; the others need not be asked again and again. */
export type Filled = Record<'decisions' | 'holds' | 'overrides' | 'conflicts' | 'due', boolean>;

/** One small statement instead of a dozen that find nothing. */
export async function lookAround(sql: Sql, tenantId: string): Promise<Filled> {
  const rows = await rawRows<Record<keyof Filled, number | boolean>>(
    sql,
    `SELECT EXISTS (SELECT 1 FROM decision WHERE tenant_id = ?) AS decisions,
       EXISTS (SELECT 1 FROM guard_hold WHERE tenant_id = ?) AS holds,
       EXISTS (SELECT 1 FROM override WHERE tenant_id = ?) AS overrides,
       EXISTS (SELECT 1 FROM conflict WHERE tenant_id = ? AND status = 'open') AS conflicts,
       EXISTS (SELECT 1 FROM due WHERE tenant_id = ?) AS due`,
    [tenantId, tenantId, tenantId, tenantId, tenantId],
  );
  const has = (key: keyof Filled): boolean => Boolean(rows[0]?.[key]);
  return {
    decisions: has('decisions'),
    holds: has('holds'),
    overrides: has('overrides'),
    conflicts: has('conflicts'),
    due: has('due'),
  };
}
