import type {
  ConsumerChange,
  EventDocument,
  EventGrounds,
  GroupDocument,
  Json,
  JsonObject,
  MembershipDocument,
  Rollcall,
  UserDocument,
} from '@rollcall/core';
import { flatAttributes, managerOf, type Attributes } from './custom-attributes.js';
import { dsyncName, type WorkosProfile } from './event-names.js';
import { directoryId, shownId } from './ids.js';
import { groupBody, userBody, type GroupBody, type ShownUser, type UserBody } from './objects.js';

export type { WorkosProfile } from './event-names.js';

/** An event as WorkOS tells it: in a list, or as the body of a webhook. */
export interface EventBody extends JsonObject {
  object: 'event';
  id: string;
  event: string;
  created_at: string;
  context: JsonObject;
  data: JsonObject;
}

/** In which words events are told. */
export interface EventWords {
  /** `keep_inactive` when left out. */
  profile?: WorkosProfile;
  /** Names that are asked for; all of `dsync.*` when left out. A name `rollcall.*` is told only to who asks for it. */
  names?: ReadonlySet<string>;
}

/**
 * Tells events of one tenant as WorkOS would: the text of each body, in the order given, undefined where WorkOS knows no
 * such event. The text is made by one `JSON.stringify`: older SDKs verify a signature over that of the parsed object.
 */
export type RenderEvents = (
  tenant: string,
  events: readonly EventDocument[],
) => Promise<readonly (string | undefined)[]>;

/** Makes what tells events: for webhooks, whose bodies are those of the list. */
export function workosEvents(rollcall: Pick<Rollcall, 'consumers'>, words: EventWords = {}): RenderEvents {
  return async (tenant, events) => {
    const bodies = await eventBodies(rollcall, tenant, events, words);
    return bodies.map((body) => (body === null ? undefined : JSON.stringify(body)));
  };
}

/** The bodies of events of one tenant; null where there is none. So many statements, however many events there are. */
export async function eventBodies(
  { consumers }: Pick<Rollcall, 'consumers'>,
  tenant: string,
  events: readonly EventDocument[],
  { profile = 'keep_inactive', names }: EventWords,
): Promise<(EventBody | null)[]> {
  const grounds = await consumers.eventGrounds(tenant, events);
  return events.map((event) => {
    const name = dsyncName(event, grounds, profile);
    if (name !== null && names?.has(name) !== false) return dsyncBody(name, event, grounds);
    const own = `rollcall.${event.type}`;
    return names?.has(own) === true ? ownBody(own, event) : null;
  });
}

/** With milliseconds, as all of WorkOS's instants. */
const instantOf = (event: EventDocument): string => new Date(event.occurredAt).toISOString();

function dsyncBody(name: string, event: EventDocument, grounds: EventGrounds): EventBody {
  return {
    object: 'event',
    id: shownId('event', event.id),
    event: name,
    created_at: instantOf(event),
    context: contextOf(event, grounds),
    data: dataOf(name, event, grounds),
  };
}

/** An event in Rollcall's own words, under its own name. */
function ownBody(name: string, event: EventDocument): EventBody {
  const { sequence, subject, changed, changeId: change_id } = event;
  return {
    object: 'event',
    id: shownId('event', event.id),
    event: name,
    created_at: instantOf(event),
    context: { sequence, subject, changed, change_id },
    data: event.data as JsonObject,
  };
}

/** Why: what WorkOS does not say. */
function contextOf(event: EventDocument, { changes, causes }: EventGrounds): JsonObject {
  const cause = changes.get(event.changeId ?? '')?.cause ?? causes.get(event.sequence);
  const why = event.subject.kind === 'user' ? inactivityIn(event.data as unknown as UserDocument) : {};
  return withoutNull({ ...why, change_id: event.changeId, ...(cause === undefined ? {} : causeIn(cause)) });
}

function causeIn({ runId, trigger, directory, sourceId, override, review }: ConsumerChange['cause']): JsonObject {
  return { run_id: runId, trigger, directory, source_id: sourceId, override, review };
}

function inactivityIn({ inactive, mergedInto }: UserDocument): JsonObject {
  const merged_into = mergedInto === null ? null : shownId('user', mergedInto);
  if (inactive === null) return { merged_into };
  const { reason, detail, effectiveAt } = inactive;
  return { reason, detail, effective_at: effectiveAt, merged_into };
}

function withoutNull(all: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function dataOf(name: string, event: EventDocument, grounds: EventGrounds): JsonObject {
  if (event.subject.kind === 'user') return userData(name, event, grounds);
  if (event.subject.kind === 'group') return groupData(name, event, grounds);
  const { group, user } = event.data as unknown as MembershipDocument;
  const member = grounds.users.get(user);
  return {
    directory_id: directoryId(event.tenant),
    user: member === undefined ? {} : userBody({ ...member, raw: grounds.raw.get(event.sequence) ?? {} }),
    group: { ...groupOf(event, grounds, group.id), name: group.displayName },
  };
}

/** Somebody as the event tells them; what events do not tell is as it is now. */
function userData(name: string, event: EventDocument, grounds: EventGrounds): JsonObject {
  const change = grounds.changes.get(event.changeId ?? '');
  const document = event.data as unknown as UserDocument;
  const attributes = flatAttributes(document.attributes);
  const told = userOf(event, grounds, document, attributes);
  if (event.type === 'user.merged') {
    const active = change?.values.some(({ attribute, from }) => attribute === 'active' && from === true) === true;
    return userBody({ ...told, active });
  }
  const after = userBody(told);
  if (name !== 'dsync.user.updated' || change === undefined) return after;
  const before = userBody(userBefore(told, change, grounds));
  return { ...after, previous_attributes: previousAttributes(before, after) };
}

function userOf(
  event: EventDocument,
  { users, raw, emails }: EventGrounds,
  document: UserDocument,
  attributes: Attributes,
): ShownUser {
  const now = users.get(document.id);
  return {
    id: document.id,
    tenant: event.tenant,
    active: document.active,
    reason: document.inactive?.reason ?? null,
    attributes,
    idpId: now?.idpId ?? document.id,
    raw: raw.get(event.sequence) ?? {},
    managerEmail: emails.get(managerOf(attributes)) ?? null,
    createdAt: now?.createdAt ?? instantOf(event),
    updatedAt: instantOf(event),
  };
}

/** Somebody as they were: the values before the change. Why they were inactive before is not told: `inactive`. */
function userBefore(told: ShownUser, { values }: ConsumerChange, { emails }: EventGrounds): ShownUser {
  const attributes: Record<string, Json> = { ...told.attributes };
  let { active, reason } = told;
  for (const { attribute, from } of values) {
    if (attribute === 'active') [active, reason] = [from === true, null];
    if (from === null) Reflect.deleteProperty(attributes, attribute);
    else attributes[attribute] = from;
  }
  return { ...told, active, reason, attributes, managerEmail: emails.get(managerOf(attributes)) ?? null };
}

/** Never told as changed: how it looks at the source is not what changed, and instants change with every event. */
const NOT_COMPARED = new Set(['raw_attributes', 'updated_at', 'custom_attributes']);

/** What the keys that changed were before; a key that had nothing is null. Shallow, as WorkOS tells it. */
function previousAttributes(before: UserBody, after: UserBody): JsonObject {
  const previous = differences(before, after, NOT_COMPARED);
  const custom = differences(before.custom_attributes, after.custom_attributes, new Set());
  return Object.keys(custom).length === 0 ? previous : { ...previous, custom_attributes: custom };
}

function differences(before: JsonObject, after: JsonObject, without: ReadonlySet<string>): JsonObject {
  const changed = Object.keys({ ...before, ...after }).filter(
    (key) => !without.has(key) && JSON.stringify(before[key] ?? null) !== JSON.stringify(after[key] ?? null),
  );
  return Object.fromEntries(changed.map((key) => [key, before[key] ?? null]));
}

function groupOf(event: EventDocument, { groups }: EventGrounds, id: string): GroupBody {
  const group = groups.get(id);
  if (group === undefined) throw new Error(`The event ${event.id} tells a group that is not there.`);
  return groupBody(group);
}

function groupData(name: string, event: EventDocument, grounds: EventGrounds): JsonObject {
  const { id, displayName } = event.data as unknown as GroupDocument;
  const told = { ...groupOf(event, grounds, id), name: displayName, updated_at: instantOf(event) };
  if (name !== 'dsync.group.updated') return told;
  const before = grounds.groupsBefore.get(event.sequence)?.displayName ?? displayName;
  return { ...told, previous_attributes: before === displayName ? {} : { name: before } };
}
