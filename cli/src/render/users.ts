import type { Json, JsonObject, Listing, UserDocument } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { activeText, counted, moreLine, nextStep, paragraphs, valueText, when } from './words.js';

/** The name of a user as `who.name` has it (contract.md). */
export function nameOf(user: UserDocument): string {
  const { attributes } = user;
  const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
  const name = objectOf(attributes.name);
  const given = [text(name.givenName), text(name.familyName)].filter((part) => part !== '').join(' ');
  const emails = Array.isArray(attributes.emails) ? attributes.emails.map(objectOf) : [];
  const email = emails.find((each) => each.primary === true) ?? emails[0];
  const candidates = [
    text(attributes.displayName),
    given,
    text(attributes.userName),
    text(email?.value),
    user.records[0]?.sourceId ?? '',
  ];
  return candidates.find((candidate) => candidate !== '') ?? user.id;
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** How a user can be named on a command line. */
export function whoOf(user: UserDocument): string {
  const record = user.records.find(({ present }) => present) ?? user.records[0];
  return record === undefined ? user.id : `${record.directory}:${record.sourceId}`;
}

/** `rollcall users list` for people. */
export function usersText(listing: Listing<UserDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (listing.items.length === 0) return 'Nobody.';
  const columns = [
    { title: 'ID', cell: (user: UserDocument) => safe(user.id), isWhole: true, style: () => 'dim' as const },
    { title: 'NAME', cell: (user: UserDocument) => safe(nameOf(user)) },
    {
      title: 'STATE',
      cell: (user: UserDocument) => user.inactive?.reason ?? activeText(user.active),
      style: (user: UserDocument) => (user.active ? ('green' as const) : ('red' as const)),
    },
    {
      title: 'RECORDS',
      cell: (user: UserDocument) =>
        safe(user.records.map((record) => `${record.directory}:${record.sourceId}`).join(' ')),
    },
  ];
  const first = listing.items[0];
  return paragraphs(
    table(listing.items, columns, width, paint),
    moreLine(listing, screen, 'users:list'),
    first === undefined ? '' : nextStep(screen, 'Why somebody is as they are', 'explain', safe(whoOf(first))),
  );
}

/** `rollcall users show` for people. */
export function userText({ user }: { user: UserDocument }, screen: Screen): string {
  const { safe, paint, width } = screen;
  const rows = flattened(user.attributes);
  const attributes = table(
    rows,
    [
      { title: 'ATTRIBUTE', cell: ([name]) => safe(name), isWhole: true },
      {
        title: 'VALUE',
        cell: ([name, value]) =>
          safe(valueText(value)) +
          (user.unknown.some((each) => each === name) ? ' (unknown now, last good value)' : ''),
      },
    ],
    width,
    paint,
  );
  const records = table(
    user.records,
    [
      { title: 'RECORD', cell: (record) => safe(`${record.directory}:${record.sourceId}`), isWhole: true },
      { title: 'PRESENT', cell: (record) => (record.present ? 'yes' : 'gone') },
      { title: 'SAYS', cell: (record) => (record.claimsActive === null ? 'nothing' : activeText(record.claimsActive)) },
      {
        title: 'LINKED BY',
        cell: (record) => safe(record.link.rule === null ? record.link.how : `${record.link.how}: ${record.link.rule}`),
      },
    ],
    width,
    paint,
  );
  return paragraphs(
    `${paint('bold', safe(nameOf(user)))}  ${paint('dim', safe(user.id))}\n${stateLine(user, screen)}`,
    attributes,
    user.groups.length === 0
      ? ''
      : `Groups: ${user.groups.map((group) => safe(`${group.displayName} (${group.directory})`)).join(', ')}`,
    records,
    user.openConflicts.length === 0
      ? ''
      : `${counted(user.openConflicts.length, 'open conflict')}: ${safe(user.openConflicts.join(', '))}`,
    nextStep(screen, 'Where each value comes from', 'explain', safe(whoOf(user))),
  );
}

function stateLine(user: UserDocument, { paint, safe }: Screen): string {
  if (user.mergedInto !== null) return `merged into ${safe(user.mergedInto)}`;
  if (user.active) return paint('green', 'active');
  if (user.inactive === null) return paint('red', 'inactive');
  const { reason, detail, at } = user.inactive;
  return `${paint('red', 'inactive')} since ${when(at)}: ${safe(reason)}${detail === null ? '' : ` (${safe(detail)})`}`;
}

function flattened(attributes: JsonObject, prefix = ''): [string, Json][] {
  return Object.entries(attributes).flatMap(([name, value]): [string, Json][] => {
    const isBranch = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isBranch ? flattened(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]];
  });
}
