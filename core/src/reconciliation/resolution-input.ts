import { isInactiveReason } from '../model/claims.js';
import type { Json } from '../model/json.js';
import type { ResolutionInput } from '../model/resolution.js';
import type { OverrideRow } from '../population/tables.js';
import type { DrawOptions } from './pass-cause.js';
import { resolvedReferences } from './references.js';
import type { TenantContext } from './tenant-context.js';
import { claimedRecord, type WorkRecord, type WorkSet } from './work-set.js';

/** Everything that decides about one user, as pure data. */
export function resolutionInput(
  context: TenantContext,
  set: WorkSet,
  options: DrawOptions,
  userId: string,
  records: readonly WorkRecord[],
): ResolutionInput {
  return {
    records: records.map((record) =>
      claimedRecord(record, resolvedReferences(record, options.references, context.catalogue)),
    ),
    rules: context.rules,
    directories: directoryModes(context),
    overrides: overridesInForce(set.overrides.get(userId) ?? [], options.now),
    holds: holdsOf(context, set, userId),
    now: options.now,
    timeZone: context.timeZone,
  };
}

function overridesInForce(rows: readonly OverrideRow[], now: string): ResolutionInput['overrides'] {
  return rows
    .filter((row) => row.until > now)
    .map((row) => ({
      overrideId: row.id,
      attribute: row.attribute,
      value: JSON.parse(row.value) as Json,
    }));
}

/** What guards and rejections pin of the user, by attribute; holds on records and memberships count elsewhere. */
function holdsOf(context: TenantContext, set: WorkSet, userId: string): ResolutionInput['holds'] {
  const holds: Record<string, ResolutionInput['holds'][string]> = {};
  for (const row of set.holds.get(userId) ?? []) {
    if (!context.catalogue.has(row.attribute)) continue;
    const pinned = JSON.parse(row.pinned) as { value?: Json; reason: string | null; detail: string | null };
    holds[row.attribute] = {
      value: pinned.value,
      reason: isInactiveReason(pinned.reason) ? pinned.reason : null,
      detail: pinned.detail,
    };
  }
  return holds;
}

function directoryModes(context: TenantContext): ResolutionInput['directories'] {
  const modes: Record<string, { mode: 'live' | 'retired'; retiredVote?: 'keep' | 'deny' }> = {};
  for (const directory of context.directories) {
    if (directory.mode === 'live') modes[directory.name] = { mode: 'live' };
    else if (directory.mode === 'retired') modes[directory.name] = { mode: 'retired', retiredVote: 'keep' };
  }
  return modes;
}
