import type {
  ConflictDocument,
  GroupDocument,
  LinkDocument,
  RecordDocument,
  UserDocument,
  Who,
} from '../model/documents.js';
import { byText } from '../model/compare.js';
import { shownInstant } from '../model/instants.js';
import type { Json, JsonObject } from '../model/json.js';
import type { ConflictRow, GroupRow, ReviewRow } from '../population/tables.js';
import { reviewDocument } from '../population/review-document.js';
import { userDocument, whoOf } from '../population/user-document.js';
import type { Effects, LinkEffect, UserEffect } from './effects.js';
import type { TenantContext } from './tenant-context.js';
import type { WorkRecord } from './work-set.js';

/** An event before it has its place in the sequence. */
export interface EventDraft {
  type: string;
  subject: { kind: string; id: string };
  changeId: string | null;
  changed: string[];
  /** The document that the event carries; stored as its JSON text. */
  data: object;
}

/** By which name people recognise the user of an effect. */
export function whoOfEffect(effect: Pick<UserEffect, 'after' | 'records'>): Who {
  const brought = effect.records.find((record) => record.row.id === effect.after.broughtBy) ?? effect.records[0];
  return whoOf(effect.after.attributes, {
    directory: brought?.directory.name ?? '',
    sourceId: brought?.row.source_id ?? effect.after.id,
  });
}

/** What stands around a user's document. */
export interface Surroundings {
  /** Links that the pass makes, by record id. */
  links: ReadonlyMap<string, LinkEffect>;
  openConflicts: readonly ConflictRow[];
  /** When the pass makes its links. */
  now: string;
}

/** The user after the pass in the shape of `rollcall.user/1`. */
export function documentOf(
  context: TenantContext,
  effects: Effects,
  effect: UserEffect,
  { links, openConflicts, now }: Surroundings,
): UserDocument {
  return userDocument(context.tenantId, effect.after, {
    groups: (effects.groupsOf.get(effect.after.id) ?? []).map((group) => ({
      id: group.id,
      displayName: group.display_name,
      directory: directoryName(context, group.directory_id),
    })),
    openConflicts: openConflicts.map((row) => row.id),
    records: inOrder(effect.records).map((record) => recordDocument(record, links.get(record.row.id), now)),
  });
}

/** Directories in the order of the tenant's file, as lists show them. */
function inOrder(records: readonly WorkRecord[]): WorkRecord[] {
  return [...records].sort(
    (a, b) => a.directory.position - b.directory.position || byText(a.row.source_id, b.row.source_id),
  );
}

/** @param now - when the pass makes its links. */
function recordDocument(record: WorkRecord, made: LinkEffect | undefined, now: string): RecordDocument {
  const active = record.claims.active?.value;
  return {
    directory: record.directory.name,
    kind: record.row.kind,
    sourceId: record.row.source_id,
    present: record.row.gone_begin === null,
    claimsActive: typeof active === 'boolean' ? active : null,
    link: linkDocument(record, made, now),
  };
}

function linkDocument({ link }: WorkRecord, made: LinkEffect | undefined, now: string): LinkDocument {
  if (made !== undefined) return { how: made.how, rule: made.rule, at: shownInstant(now) };
  if (link === null) return { how: 'created', rule: null, at: shownInstant(now) };
  return { how: link.how, rule: link.rule, at: shownInstant(link.linked_at) };
}

function directoryName(context: TenantContext, id: string): string {
  return context.byId.get(id)?.name ?? id;
}

export function userEvent(document: UserDocument, effect: UserEffect): EventDraft | null {
  if (effect.kind === 'user.provenance') return null;
  const changed = effect.changes.filter((change) => change.kind === 'value').map((change) => change.attribute);
  return {
    type: effect.kind,
    subject: { kind: 'user', id: effect.after.id },
    changeId: effect.changeId,
    changed,
    data: document,
  };
}

export function groupEvent(context: TenantContext, group: GroupRow, type: string, members: number): EventDraft {
  const document: GroupDocument = {
    id: group.id,
    tenant: context.tenantId,
    displayName: group.display_name,
    directory: directoryName(context, group.directory_id),
    removed: group.removed === 1,
    version: group.version,
    members,
  };
  return {
    type,
    subject: { kind: 'group', id: group.id },
    changeId: null,
    changed: ['displayName'],
    data: document,
  };
}

export function membershipEvent(context: TenantContext, group: GroupRow, userId: string, type: string): EventDraft {
  const data: JsonObject = {
    group: { id: group.id, displayName: group.display_name, directory: directoryName(context, group.directory_id) },
    user: userId,
  };
  return {
    type,
    subject: { kind: 'membership', id: `${group.id}/${userId}` },
    changeId: null,
    changed: ['groups'],
    data,
  };
}

/** A conflict in the shape of its list. */
export function conflictDocument(row: ConflictRow, who: Who): ConflictDocument {
  const claims = JSON.parse(row.claims) as (ConflictDocument['claims'][number] & { recordId?: string })[];
  return {
    id: row.id,
    status: row.status as 'open',
    user: row.user_id,
    who,
    attribute: row.attribute,
    value: JSON.parse(row.value) as Json,
    openedAt: shownInstant(row.opened_at),
    updatedAt: shownInstant(row.updated_at),
    closedAt: row.closed_at === null ? null : shownInstant(row.closed_at),
    claims: claims.map(({ directory, sourceId, value, wins }) => ({ directory, sourceId, value, wins })),
    rule: { version: row.rules_version, path: row.rule_path },
  };
}

export function conflictEvent(row: ConflictRow, who: Who, type: string, changeId: string | null): EventDraft {
  return {
    type,
    subject: { kind: 'conflict', id: row.id },
    changeId,
    changed: [row.attribute],
    data: conflictDocument(row, who),
  };
}

export function reviewEvent(
  context: TenantContext,
  row: ReviewRow,
  type: 'review.opened' | 'review.decided',
): EventDraft {
  const directory = row.directory_id === null ? null : directoryName(context, row.directory_id);
  return {
    type,
    subject: { kind: 'review', id: row.id },
    changeId: null,
    changed: [],
    data: reviewDocument(row, directory),
  };
}
