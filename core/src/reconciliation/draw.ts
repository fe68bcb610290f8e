import type { Claims } from '../model/claims.js';
import type { Sql } from '../store/table.js';
import { drawGroupRecords } from './draw-group-records.js';
import { drawGroups } from './draw-groups.js';
import { drawPartition } from './draw-partition.js';
import { drawUsers } from './draw-users.js';
import type { GuardHoldRow } from '../population/tables.js';
import type { ConflictEffect, Effects, LinkEffect, UnknownStatusEffect, UserEffect } from './effects.js';
import type { PassCause } from './pass-cause.js';
import { findReferences } from './references.js';
import type { TenantContext } from './tenant-context.js';
import type { WorkRecord, WorkSet } from './work-set.js';

/** Attributes that decide whether somebody is active: one that becomes unknown is a review at once. */
export const DECIDING = ['active', 'employment.status', 'employment.endDate'] as const;

/** Draws the consequences of a closed set: who is whom, what they are, what changed. Writes nothing. */
export async function draw(
  sql: Sql,
  context: TenantContext,
  set: WorkSet,
  options: { now: string; cause: PassCause },
): Promise<Effects> {
  const partition = drawPartition(context, set);
  const references = await findReferences(sql, context, set);
  const drawn = drawUsers(context, set, partition, { ...options, references });
  const minted = await drawGroupRecords(sql, context, set, options.now);
  const grouped = await drawGroups(sql, context, set, { users: drawn.users, minted }, options.now);
  return {
    set,
    partition,
    users: drawn.users,
    links: drawn.links,
    due: drawn.due,
    conflicts: drawn.users.flatMap((user) => drawConflicts(set, user)),
    endedHolds: [...drawn.endedHolds, ...endedRecordHolds(set, drawn.links), ...grouped.endedHolds],
    unknownStatus: drawUnknownStatus(set, drawn.users),
    groups: [...minted, ...grouped.groups],
    edges: grouped.edges,
    memberships: grouped.memberships,
    groupsOf: grouped.groupsOf,
  };
}

/** A conflict opens, is kept current, and closes; one row per user and attribute while open. */
function drawConflicts(set: WorkSet, user: UserEffect): ConflictEffect[] {
  const open = new Map((set.conflicts.get(user.after.id) ?? []).map((row) => [row.attribute, row]));
  const effects: ConflictEffect[] = [];
  for (const candidate of user.resolution?.conflicts ?? []) {
    const before = open.get(candidate.attribute) ?? null;
    open.delete(candidate.attribute);
    effects.push({ userId: user.after.id, attribute: candidate.attribute, before, candidate });
  }
  for (const [attribute, before] of open) effects.push({ userId: user.after.id, attribute, before, candidate: null });
  return effects;
}

/** A record that is there again, or that belongs to somebody now, needs no hold. */
function endedRecordHolds(set: WorkSet, links: readonly LinkEffect[]): GuardHoldRow[] {
  const linked = new Set(links.filter((link) => link.userId !== null).map((link) => link.record.row.id));
  return [...set.records.values()].flatMap((record) =>
    record.holds.filter((hold) => endsRecordHold(record, hold, linked)),
  );
}

function endsRecordHold(record: WorkRecord, hold: GuardHoldRow, linked: ReadonlySet<string>): boolean {
  if (hold.attribute === '') return record.row.gone_begin === null;
  if (hold.attribute === 'reused') return record.seed && record.mapped;
  return record.link !== null || linked.has(record.row.id);
}

function drawUnknownStatus(set: WorkSet, users: readonly UserEffect[]): UnknownStatusEffect[] {
  const userOf = new Map(
    users.flatMap((user) => user.records.map((record) => [record.row.id, user.after.id] as const)),
  );
  const effects: UnknownStatusEffect[] = [];
  for (const record of set.records.values()) {
    if (!record.mapped) continue;
    const attributes = newlyUnknown(record).filter((attribute) => (DECIDING as readonly string[]).includes(attribute));
    if (attributes.length > 0) effects.push({ record, userId: userOf.get(record.row.id) ?? null, attributes });
  }
  return effects;
}

/** Attributes of a record that were good and became unknown, vanished columns aside. */
export function newlyUnknown(record: WorkRecord): string[] {
  const before: Claims | null = record.storedClaims;
  if (before === null) return [];
  return Object.entries(record.claims).flatMap(([attribute, claim]) =>
    claim.unknown !== undefined && claim.unknown.cause.because !== 'column' && before[attribute]?.unknown === undefined
      ? [attribute]
      : [],
  );
}
