import { RollcallError } from '@rollcall/connector-kit';
import { shownInstant } from '../model/instants.js';
import { rawRows, type Sql } from '../store/table.js';
import type { TenantRow } from '../tenancy/tables.js';

/**
 * Remembers the instant of the tenant's latest run. A given clock may not go back behind it; the wall clock may jump.
 *
 * @throws RC_CLOCK_BACKWARDS (64)
 */
export async function advanceTenantClock(sql: Sql, tenantId: string, now: string, given: boolean): Promise<void> {
  const moved = await rawRows(
    sql,
    'UPDATE tenant SET last_instant = ? WHERE id = ? AND (last_instant IS NULL OR last_instant <= ?) RETURNING id',
    [now, tenantId, now],
  );
  if (moved.length > 0 || !given) return;
  const tenant = (await sql('tenant').where({ id: tenantId }).first()) as TenantRow | undefined;
  if (typeof tenant?.last_instant === 'string') throw clockBackwards(tenantId, tenant.last_instant, now);
}

function clockBackwards(tenant: string, last: string, now: string): RollcallError {
  return new RollcallError('RC_CLOCK_BACKWARDS', 64, 'stop', {
    what: `The given instant ${shownInstant(now)} is before the tenant's last run at ${shownInstant(last)}.`,
    where: { tenant },
    mend: 'Give a later ROLLCALL_NOW, or leave it out.',
  });
}
