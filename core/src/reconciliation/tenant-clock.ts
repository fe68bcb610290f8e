import { RollcallError } from '@rollcall/connector-kit';
import { shownInstant } from '../model/instants.js';
import type { Sql } from '../store/table.js';
import type { TenantRow } from '../tenancy/tables.js';

/**
 * Remembers the instant of the tenant's latest run. A given clock may not go back behind it; the wall clock may jump.
 *
 * @throws RC_CLOCK_BACKWARDS (64)
 */
export async function advanceTenantClock(sql: Sql, tenantId: string, now: string, given: boolean): Promise<void> {
  const tenant = (await sql('tenant').where({ id: tenantId }).first()) as TenantRow | undefined;
  const last = tenant?.last_instant ?? null;
  if (last !== null && last > now) {
    if (given) throw clockBackwards(tenantId, last, now);
    return;
  }
  await sql('tenant').where({ id: tenantId }).update({ last_instant: now });
}

function clockBackwards(tenant: string, last: string, now: string): RollcallError {
  return new RollcallError('RC_CLOCK_BACKWARDS', 64, 'stop', {
    what: `The given instant ${shownInstant(now)} is before the tenant's last run at ${shownInstant(last)}.`,
    where: { tenant },
    mend: 'Give a later ROLLCALL_NOW, or leave it out.',
  });
}
