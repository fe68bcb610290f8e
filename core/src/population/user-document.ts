import type { UserDocument, Who } from '../model/documents.js';
import type { Json, JsonObject } from '../model/json.js';
import { byText, primaryEmail } from '../model/compare.js';
import { shownInstant } from '../model/instants.js';
import type { UserState } from './tables.js';

/** What a user's document needs beside the state; the document orders groups and conflicts. */
export interface UserSurroundings {
  groups: UserDocument['groups'];
  openConflicts: string[];
  records: UserDocument['records'];
}

/** A user in the shape of `rollcall.user/1`. */
export function userDocument(tenant: string, user: UserState, around: UserSurroundings): UserDocument {
  return {
    id: user.id,
    tenant,
    active: user.active,
    inactive:
      user.inactive === null
        ? null
        : {
            reason: user.inactive.reason,
            detail: user.inactive.detail,
            at: shownInstant(user.inactive.at),
            effectiveAt: user.inactive.effectiveAt === null ? null : shownInstant(user.inactive.effectiveAt),
            changeId: user.inactive.changeId,
          },
    version: user.version,
    mergedInto: user.mergedInto,
    attributes: nestAttributes(user.attributes),
    unknown: [...user.unknown],
    // By name, as people look for them.
    groups: [...around.groups].sort((a, b) => byText(a.displayName, b.displayName) || byText(a.id, b.id)),
    openConflicts: [...around.openConflicts].sort(byText),
    records: around.records,
  };
}

/** Catalogue names to nested objects: `name.givenName` becomes `name: { givenName }`. `active` and empty values are left out; `custom` is always there. */
export function nestAttributes(attributes: Readonly<Record<string, Json>>): JsonObject {
  const nested: JsonObject = {};
  for (const name of Object.keys(attributes).sort()) {
    const value = attributes[name];
    if (name === 'active' || value === undefined || value === null) continue;
    const [head, ...rest] = name.split('.') as [string, ...string[]];
    if (rest.length === 0) nested[head] = value;
    else (nested[head] = (nested[head] ?? {}) as JsonObject)[rest.join('.')] = value;
  }
  nested.custom ??= {};
  return nested;
}

/** The name by which people recognise someone: display name, else given and family name, else login, else e-mail, else the source id. */
export function whoOf(
  attributes: Readonly<Record<string, Json>>,
  broughtBy: { directory: string; sourceId: string },
): Who {
  const text = (name: string): string | null => (typeof attributes[name] === 'string' ? attributes[name] : null);
  const full = [text('name.givenName'), text('name.familyName')].filter((part) => part !== null).join(' ');
  const name =
    text('displayName') ??
    (full === '' ? null : full) ??
    text('userName') ??
    primaryEmail(attributes.emails) ??
    broughtBy.sourceId;
  return { sourceId: `${broughtBy.directory}:${broughtBy.sourceId}`, name };
}
