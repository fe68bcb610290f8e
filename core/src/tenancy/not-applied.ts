import { RollcallError } from '@rollcall/connector-kit';

/** Whoever works on a tenant that is not in the store is told to apply it. */
export function notApplied(tenant: string): RollcallError {
  return new RollcallError('RC_NOT_APPLIED', 78, 'stop', {
    what: `The tenant ${tenant} was never applied.`,
    where: { tenant },
    mend: 'Run: rollcall apply',
  });
}
