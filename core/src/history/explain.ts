import { RollcallError } from '@rollcall/connector-kit';
import type { Catalogue } from '../model/catalogue.js';
import type { AttributeName, Claim, Claims } from '../model/claims.js';
import { shownInstant } from '../model/instants.js';
import { foldText } from '../model/compare.js';
import type { Json, JsonObject } from '../model/json.js';
import type { ResolutionInput } from '../model/resolution.js';
import type { ReferenceRow, UserRow, UserState } from '../population/tables.js';
import { userState } from '../population/user-state.js';
import { resolve } from '../resolution/resolve.js';
import { didYouMean } from '../rules/nearest-name.js';
import type { Sql } from '../store/table.js';
import { StoredMappings, type MappingSource } from './as-of-claims.js';
import { foldChanges, type FoldedUser } from './as-of-fold.js';
import { changesUntil, stateOf } from './as-of.js';
import { linksAsOf } from './as-of-links.js';
import { asClaimed, recordsAsOf, type SpokenRecord } from './as-of-records.js';
import { explainAttribute, type Explained } from './explain-attribute.js';
import { explainGroups } from './explain-groups.js';
import { heldAttributes, loadGrounds } from './explain-grounds.js';

/** `rollcall.explain/1` without its `format`. */
export interface ExplainDocument {
  user: string;
  at: string;
  attributes: JsonObject;
}

/** What is to be explained. Instants are in the form of the store. */
export interface ExplainRequest {
  /** Null: now. What lies ahead is answered as of now. */
  at: string | null;
  now: string;
  /** One attribute, `groups` among them; all that the user has when left out. */
  attribute?: string;
}

/**
 * Says of each attribute where its value comes from and what the others said. The stored user answers for value, reason
 * and winner; its records, rules and decisions of that moment, resolved once more, answer for the votes.
 *
 * @throws RC_USER_NOT_FOUND when there was no such user at that moment.
 */
export async function explain(
  sql: Sql,
  tenantId: string,
  userId: string,
  request: ExplainRequest,
  source: MappingSource,
): Promise<ExplainDocument> {
  const { attribute, now } = request;
  if (attribute !== undefined && !source.catalogue.has(attribute)) throw unknownAttribute(attribute, source.catalogue);
  const past = request.at !== null && request.at < now ? request.at : null;
  const at = past ?? now;
  const { state, folded } = await stateAsOf(sql, tenantId, userId, past);
  const answer = { user: userId, at: shownInstant(at) };
  if (attribute === 'groups')
    return { ...answer, attributes: { groups: await explainGroups(sql, tenantId, userId, at) } };
  const mappings = new StoredMappings(source);
  const links = await linksAsOf(sql, tenantId, userId, past);
  const records = await recordsAsOf(sql, tenantId, { links, state, folded, at: past }, mappings);
  const recordIds = records.map(({ row }) => row.id);
  const grounds = await loadGrounds(sql, tenantId, { userId, recordIds, at, isPast: past !== null });
  const claims = new Map(
    records.map((record) => [record.row.id, withTargets(record, grounds.references, source.catalogue)]),
  );
  const resolution = resolve(
    resolutionInput(userId, { records, claims, grounds }, at, source.catalogue),
    source.catalogue,
  );
  const setBy = folded?.setBy ?? new Map<string, never>();
  const explained = { state, setBy, records, claims, grounds, resolution, mappings };
  const names = attribute === undefined ? namesOf(state, Object.keys(resolution.attributes)) : [attribute];
  const attributes = Object.fromEntries(names.map((name) => [name, explainAttribute(explained, name)]));
  return { ...answer, attributes };
}

/** The user of the moment, with the changes that made it. */
async function stateAsOf(
  sql: Sql,
  tenantId: string,
  userId: string,
  past: string | null,
): Promise<{ state: UserState; folded: FoldedUser | null }> {
  const row = await sql<UserRow>('user').where({ tenant_id: tenantId, id: userId }).first();
  const folded = foldChanges(await changesUntil(sql, tenantId, userId, past));
  if (row === undefined) throw noSuchUser(tenantId, userId);
  if (past === null) return { state: userState(row), folded };
  if (folded === null) throw notYetThere(tenantId, userId, past, row.created_at);
  return { state: stateOf({ id: userId, broughtBy: row.brought_by }, folded), folded };
}

function namesOf(state: UserState, resolved: readonly AttributeName[]): AttributeName[] {
  return [
    ...new Set(['active', ...Object.keys(state.attributes), ...Object.keys(state.provenance), ...resolved]),
  ].sort();
}

/** References are compared by whom they mean, and one that means nobody yet is unknown. */
function withTargets({ row, claims }: SpokenRecord, references: readonly ReferenceRow[], catalogue: Catalogue): Claims {
  const resolved: Record<AttributeName, Claim> = { ...claims };
  for (const [attribute, claim] of Object.entries(claims)) {
    if (catalogue.get(attribute)?.shape !== 'reference' || claim.value === undefined || claim.value === null) continue;
    const target = references.find(
      (one) => one.record_id === row.id && one.attribute === attribute && means(one, claim.value),
    );
    resolved[attribute] = target?.target_user_id == null ? {} : { ...claim, value: target.target_user_id };
  }
  return resolved;
}

/** Names are kept folded but for source ids, which every source spells its own way. */
function means({ by, value }: ReferenceRow, claimed: Json | undefined): boolean {
  const reference = claimed as { by?: unknown; value?: unknown } | undefined;
  if (reference?.by !== by || typeof reference.value !== 'string') return false;
  return value === (by === 'sourceId' ? reference.value : foldText(reference.value));
}

function resolutionInput(
  userId: string,
  { records, claims, grounds }: Pick<Explained, 'records' | 'claims' | 'grounds'>,
  now: string,
  catalogue: Catalogue,
): ResolutionInput {
  const held = new Set(grounds.holds.filter((hold) => hold.guard === 'absences').map((hold) => hold.subject));
  const modes = records.map(({ directory }) => [
    directory.name,
    directory.mode === 'retired'
      ? { mode: 'retired' as const, retiredVote: 'keep' as const }
      : { mode: 'live' as const },
  ]);
  return {
    records: records
      .filter((record) => record.link !== null)
      .map((record) => ({
        ...asClaimed(record),
        ...(held.has(record.row.id) ? { gone: null } : {}),
        claims: claims.get(record.row.id) ?? record.claims,
      })),
    rules: grounds.rules,
    directories: Object.fromEntries(modes) as ResolutionInput['directories'],
    overrides: grounds.overrides.map((row) => ({
      overrideId: row.id,
      attribute: row.attribute,
      value: JSON.parse(row.value) as Json,
    })),
    holds: heldAttributes(grounds, userId, catalogue),
    now,
    timeZone: grounds.timeZone,
  };
}

function unknownAttribute(attribute: string, catalogue: Catalogue): RollcallError {
  return new RollcallError('RC_USAGE_ATTRIBUTE', 64, 'stop', {
    what: `There is no attribute "${attribute}".`,
    where: { attribute },
    mend: didYouMean(attribute, catalogue.keys(), 'Attributes'),
  });
}

function noSuchUser(tenant: string, userId: string): RollcallError {
  return new RollcallError('RC_USER_NOT_FOUND', 1, 'stop', {
    what: `There is no user "${userId}".`,
    where: { tenant },
    mend: 'See "rollcall users list" for those there are.',
  });
}

/** The user is known today and was not at the moment asked for. */
export function notYetThere(tenant: string, userId: string, at: string, createdAt: string): RollcallError {
  return new RollcallError('RC_USER_NOT_FOUND', 1, 'stop', {
    what: `There was no user "${userId}" at ${shownInstant(at)}.`,
    where: { tenant },
    mend: `Ask for ${shownInstant(createdAt)} or later: that is when the user came into being.`,
  });
}
