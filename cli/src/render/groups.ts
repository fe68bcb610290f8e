import type { GroupDocument, Listing } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { counted, moreLine, nextStep, paragraphs } from './words.js';

/** `rollcall groups list` for people. */
export function groupsText(listing: Listing<GroupDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  const [first] = listing.items;
  if (first === undefined) return 'No groups.';
  const columns = [
    { title: 'ID', cell: (group: GroupDocument) => safe(group.id), isWhole: true, style: () => 'dim' as const },
    { title: 'NAME', cell: (group: GroupDocument) => safe(group.displayName) },
    { title: 'DIRECTORY', cell: (group: GroupDocument) => safe(group.directory) },
    { title: 'MEMBERS', cell: (group: GroupDocument) => (group.removed ? 'removed' : String(group.members)) },
  ];
  return paragraphs(
    table(listing.items, columns, width, paint),
    moreLine(listing, screen, 'groups:list'),
    nextStep(screen, 'Who is in it', 'groups:show', safe(first.id)),
  );
}

/** A group with its members, as `rollcall groups show` answers. */
export interface GroupAnswer {
  group: GroupDocument & { membersPage: { id: string; name: string }[] };
}

/** `rollcall groups show` for people. */
export function groupText({ group }: GroupAnswer, screen: Screen): string {
  const { safe, paint, width } = screen;
  const head = `${paint('bold', safe(group.displayName))}  ${paint('dim', safe(group.id))}`;
  const members = table(
    group.membersPage,
    [
      { title: 'ID', cell: (member) => safe(member.id), isWhole: true, style: () => 'dim' as const },
      { title: 'NAME', cell: (member) => safe(member.name) },
    ],
    width,
    paint,
  );
  const [first] = group.membersPage;
  return paragraphs(
    `${head}\n${counted(group.members, 'member')}, from ${safe(group.directory)}${group.removed ? ', removed there' : ''}`,
    group.membersPage.length === 0 ? '' : members,
    first === undefined ? '' : nextStep(screen, 'Who that is', 'users:show', safe(first.id)),
  );
}
