import {
  anyObject,
  anything,
  count,
  flag,
  instant,
  instantOrNull,
  listOf,
  object,
  text,
  textOrNull,
  the,
} from './words.js';
import type { JsonSchema } from './words.js';

const link = object({ how: text, rule: textOrNull, at: instant });

const sourceRecord = object({
  directory: text,
  kind: text,
  sourceId: text,
  present: flag,
  claimsActive: { type: ['boolean', 'null'] },
  link,
});

const groupEntry = object({ id: text, displayName: text, directory: text });

const inactive = {
  ...object({ reason: text, detail: textOrNull, at: instant, effectiveAt: instantOrNull, changeId: textOrNull }),
  type: ['object', 'null'],
};

/** Users, groups and who is in them, in the shapes of the command line. */
export const POPULATION: Readonly<Record<string, JsonSchema>> = {
  Who: object({ sourceId: text, name: text }),
  User: object({
    id: text,
    tenant: text,
    active: flag,
    inactive,
    version: count,
    mergedInto: textOrNull,
    attributes: anyObject,
    unknown: listOf(text),
    groups: listOf(groupEntry),
    openConflicts: listOf(text),
    records: listOf(sourceRecord),
  }),
  Group: object({
    id: text,
    tenant: text,
    displayName: text,
    directory: text,
    removed: flag,
    version: count,
    members: count,
  }),
  ShownGroup: object({
    id: text,
    tenant: text,
    displayName: text,
    directory: text,
    removed: flag,
    version: count,
    members: count,
    membersPage: listOf(object({ id: text, name: text })),
    membersNext: textOrNull,
  }),
  Membership: object({ group: groupEntry, user: text, who: the('Who'), since: instant, sequence: count }),
  Explanation: object({ format: { const: 'rollcall.explain/1' }, user: text, at: instant, attributes: anyObject }),
  HistoryItem: object({
    changeId: textOrNull,
    version: count,
    at: instant,
    kind: text,
    attribute: text,
    from: anything,
    to: anything,
    cause: anyObject,
  }),
  Event: object({
    id: text,
    sequence: count,
    tenant: text,
    type: text,
    occurredAt: instant,
    subject: object({ kind: text, id: text }),
    changeId: textOrNull,
    changed: listOf(text),
    data: anything,
  }),
};
