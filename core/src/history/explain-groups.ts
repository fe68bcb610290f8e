import { shownInstant } from '../model/instants.js';
import type { JsonObject } from '../model/json.js';
import type { Sql } from '../store/table.js';
import { listDirectories } from '../tenancy/directories.js';
import { membershipsAsOf } from './as-of-memberships.js';

/** `groups` is decided membership by membership: each says since when and why. */
export async function explainGroups(sql: Sql, tenantId: string, userId: string, at: string): Promise<JsonObject> {
  const memberships = await membershipsAsOf(sql, tenantId, userId, at);
  const names = new Map((await listDirectories(sql, tenantId)).map(({ id, name }) => [id, name]));
  const since = memberships
    .map((one) => one.from_at)
    .sort()
    .at(-1);
  return {
    value: memberships.map((one) => one.display_name),
    state: 'known',
    reason: null,
    since: since === undefined ? null : shownInstant(since),
    changeId: null,
    winner: null,
    rule: null,
    override: null,
    hold: null,
    conflictId: null,
    others: [],
    memberships: memberships.map((one) => ({
      id: one.id,
      displayName: one.display_name,
      directory: names.get(one.directory_id) ?? one.directory_id,
      since: shownInstant(one.from_at),
      cause: { ...one.cause },
    })),
  };
}
