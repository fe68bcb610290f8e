import type { InactiveReason } from '../model/claims.js';
import { foldText, primaryEmail } from '../model/compare.js';
import type { Json } from '../model/json.js';
import { parseProvenance, provenanceText } from './stored-provenance.js';
import type { UserRow, UserState } from './tables.js';

/** A stored row as the pipeline works with it. */
export function userState(row: UserRow): UserState {
  return {
    id: row.id,
    attributes: JSON.parse(row.attributes) as UserState['attributes'],
    provenance: parseProvenance(row.provenance),
    unknown: JSON.parse(row.unknown) as string[],
    active: row.active === 1,
    inactive:
      row.reason === null || row.inactive_at === null || row.inactive_change_id === null
        ? null
        : {
            reason: row.reason as InactiveReason,
            detail: row.detail,
            at: row.inactive_at,
            effectiveAt: row.effective_at,
            changeId: row.inactive_change_id,
          },
    firstActiveAt: row.first_active_at,
    version: row.version,
    mergedInto: row.merged_into,
    broughtBy: row.brought_by,
    createdAt: row.created_at,
  };
}

/** The row of a user, its search keys included. */
export function userRow(tenantId: string, user: UserState): UserRow {
  return {
    tenant_id: tenantId,
    id: user.id,
    attributes: JSON.stringify(user.attributes),
    provenance: provenanceText(user.provenance),
    unknown: JSON.stringify(user.unknown),
    active: user.active ? 1 : 0,
    ...inactiveColumns(user.inactive),
    first_active_at: user.firstActiveAt,
    version: user.version,
    merged_into: user.mergedInto,
    brought_by: user.broughtBy,
    user_name_key: searchKey(user.attributes.userName),
    employee_number_key: searchKey(user.attributes.employeeNumber),
    email_key: searchKey(primaryEmail(user.attributes.emails)),
    created_at: user.createdAt,
  };
}

type InactiveColumns = Pick<UserRow, 'reason' | 'detail' | 'inactive_at' | 'effective_at' | 'inactive_change_id'>;

const ACTIVE: InactiveColumns = {
  reason: null,
  detail: null,
  inactive_at: null,
  effective_at: null,
  inactive_change_id: null,
};

function inactiveColumns(inactive: UserState['inactive']): InactiveColumns {
  if (inactive === null) return ACTIVE;
  const { reason, detail, at, effectiveAt, changeId } = inactive;
  return { reason, detail, inactive_at: at, effective_at: effectiveAt, inactive_change_id: changeId };
}

/** How `WHO` look-ups fold a text. */
export function searchKey(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? foldText(value) : null;
}
