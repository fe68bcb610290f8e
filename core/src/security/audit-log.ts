import { rawRows, table, insertRows, type Sql } from '../store/table.js';
import type { JsonObject } from '../model/json.js';
import { CHAIN_START, nextHash } from './audit.js';

interface AuditLogRow {
  tenant_id: string;
  no: number;
  at: string;
  who: string;
  action: string;
  detail: string;
  hash: string;
}

const AUDIT = table<AuditLogRow>(
  'audit',
  { tenant_id: 'text', no: 'int', at: 'text', who: 'text', action: 'text', detail: 'text', hash: 'text' },
  ['tenant_id', 'no'],
);

/** Appends what a person did to the tenant's chain; ids and attribute names only, no values. */
export async function appendAudit(
  sql: Sql,
  tenantId: string,
  entry: { at: string; who: string; action: string; detail: JsonObject },
): Promise<void> {
  const last = await rawRows<{ no: number; hash: string }>(
    sql,
    'SELECT no, hash FROM audit WHERE tenant_id = ? ORDER BY no DESC LIMIT 1',
    [tenantId],
  );
  const head = last[0] ?? { no: CHAIN_START.sequence, hash: CHAIN_START.hash };
  const no = head.no + 1;
  const hash = nextHash(head.hash, { no, at: entry.at, who: entry.who, action: entry.action, detail: entry.detail });
  await insertRows(sql, AUDIT, [
    {
      tenant_id: tenantId,
      no,
      at: entry.at,
      who: entry.who,
      action: entry.action,
      detail: JSON.stringify(entry.detail),
      hash,
    },
  ]);
}
