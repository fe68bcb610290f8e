import { partition } from '../correlation/partition.js';
import type { PartitionRecord, PartitionResult } from '../correlation/partition-types.js';
import { groupBy } from '../model/group-by.js';
import type { TenantContext } from './tenant-context.js';
import { isPresent, type WorkRecord, type WorkSet } from './work-set.js';

/** Decides which record belongs to whom. */
export function drawPartition(context: TenantContext, set: WorkSet): PartitionResult {
  const creators = new Set(context.rules.lifecycle.create);
  const asPartition = (record: WorkRecord): PartitionRecord => ({
    recordId: record.row.id,
    directory: record.directory.name,
    present: isPresent(record),
    canCreate:
      creators.has(record.directory.name) &&
      record.directory.mode === 'live' &&
      !record.holds.some((hold) => hold.attribute === 'creation'),
    link:
      record.link === null
        ? null
        : { userId: record.link.user_id, how: record.link.how as 'created', rule: record.link.rule },
    keys: record.keys,
  });
  // A record that could never be believed (in quarantine since its first sight) is nobody yet.
  const believed = [...set.records.values()].filter((record) => record.row.payload_no > 0 || record.link !== null);
  return partition({
    records: believed.map(asPartition),
    bystanders: [...set.bystanders.values()].map(asPartition),
    rules: context.rules.correlation,
    decisions: [...set.decisions, ...heldMerges(set)],
    users: [...set.users.values()].map((user) => ({ userId: user.id, createdAt: user.createdAt })),
    keyCounts: set.keyCounts,
  });
}

/** A merge that a guard holds: until it is decided the two sides stay apart. */
function heldMerges(set: WorkSet): WorkSet['decisions'] {
  const recordsOf = groupBy(set.records.values(), (record) => record.link?.user_id ?? null);
  const decisions: WorkSet['decisions'] = [];
  for (const [loser, holds] of set.holds) {
    for (const hold of holds.filter((candidate) => candidate.attribute === 'merge')) {
      const survivor = JSON.parse(hold.candidate) as string | null;
      const a = recordsOf.get(loser)?.[0];
      const b = survivor === null ? undefined : recordsOf.get(survivor)?.[0];
      if (a !== undefined && b !== undefined)
        decisions.push({ id: `hold-${hold.review_id}-${loser}`, kind: 'apart', a: a.row.id, b: b.row.id });
    }
  }
  return decisions;
}
