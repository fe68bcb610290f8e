import { RollcallError } from '@rollcall/connector-kit';
import { ClaimSchemas } from '../mapping/claim-schemas.js';
import type { CatalogueEntry } from '../model/catalogue.js';
import type { Json } from '../model/json.js';
import { didYouMean } from '../rules/nearest-name.js';
import type { TenantContext } from './tenant-context.js';

/** A value that a person wants, with a reason and an end. */
export interface WantedOverride {
  who: string;
  attribute: string;
  value: Json;
  reason: string;
  until: string;
  by: string;
}

/**
 * Whether an override can take effect at all.
 *
 * @throws {RollcallError} `RC_OVERRIDE_INVALID` that says what is wrong with it, for whoever typed it.
 */
export function checkOverride(context: TenantContext, wanted: WantedOverride, now: string): void {
  const fault = attributeFault(context, wanted) ?? valueFault(context, wanted) ?? termsFault(wanted, now);
  if (fault === null) return;
  throw new RollcallError('RC_OVERRIDE_INVALID', 64, 'stop', {
    ...fault,
    where: { tenant: context.tenantId, attribute: wanted.attribute },
  });
}

type Fault = { what: string; mend: string } | null;

function attributeFault({ catalogue }: TenantContext, { attribute }: WantedOverride): Fault {
  const entry = catalogue.get(attribute);
  if (entry === undefined) {
    const names = [...catalogue.values()].filter(isSettable).map(({ name }) => name);
    return { what: `There is no attribute "${attribute}".`, mend: didYouMean(attribute, names, 'Use one of') };
  }
  if (isSettable(entry)) return null;
  const what = `"${attribute}" cannot be overridden.`;
  return entry.shape === 'groups'
    ? { what, mend: 'Who is in which group is changed in the directory that has the group.' }
    : { what, mend: 'It names another person: change it in the directory that says so.' };
}

/** What names other things of a directory has no value that a person could type. */
function isSettable({ shape }: CatalogueEntry): boolean {
  return shape !== 'groups' && shape !== 'reference';
}

function valueFault({ catalogue }: TenantContext, { attribute, value }: WantedOverride): Fault {
  // A person is active or not: no value would be no vote, and the directories would go on deciding.
  if (attribute === 'active' && value === null)
    return { what: 'active cannot be empty.', mend: 'Give true or false, or end an override: override clear.' };
  const fault = value === null ? null : new ClaimSchemas(catalogue).faultOfGiven(attribute, value);
  return fault === null ? null : { what: fault.message, mend: fault.mend };
}

function termsFault({ until, reason }: WantedOverride, now: string): Fault {
  const end = new Date(until);
  if (Number.isNaN(end.getTime()))
    return { what: '--until is not an instant.', mend: 'Write it as 2026-03-31T00:00:00Z.' };
  if (end.toISOString() <= now) return { what: '--until is in the past.', mend: 'Name a later instant.' };
  return reason.trim() === '' ? { what: 'An override needs a reason.', mend: 'Say why, with --reason TEXT.' } : null;
}
