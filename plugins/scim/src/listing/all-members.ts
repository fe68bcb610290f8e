import type { Member, ScimReading } from '../store.js';

const PAGE = 5000;

/** Reads the members of a group page by page, pending ones too. */
export async function* memberPages(reading: ScimReading, groupId: string): AsyncGenerator<readonly Member[]> {
  let after: string | undefined;
  for (;;) {
    const page = await reading.members(groupId, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.id;
  }
}

/** Reads all members of a group. */
export async function allMembers(reading: ScimReading, groupId: string): Promise<Member[]> {
  const all: Member[] = [];
  for await (const page of memberPages(reading, groupId)) all.push(...page);
  return all;
}
