import type { DirectoryTokenDocument, IssuedDirectoryToken } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { lines, paragraphs, when } from './words.js';

function stateOf({ revokedAt, expiresAt }: DirectoryTokenDocument): string {
  if (revokedAt !== null) return `revoked ${when(revokedAt)}`;
  return expiresAt === null ? 'without end' : `until ${when(expiresAt)}`;
}

/** `rollcall directory tokens` for people. */
export function directoryTokensText({ items }: { items: readonly DirectoryTokenDocument[] }, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (items.length === 0) return 'No tokens: rollcall directory rotate-token makes the first one.';
  const columns = [
    { title: 'ID', cell: ({ id }: DirectoryTokenDocument) => safe(id), isWhole: true, style: () => 'dim' as const },
    { title: 'TOKEN', cell: ({ prefix }: DirectoryTokenDocument) => `${prefix}…`, isWhole: true },
    { title: 'LABEL', cell: ({ label }: DirectoryTokenDocument) => safe(label) },
    { title: 'GOOD', cell: stateOf },
    {
      title: 'LAST USED',
      cell: ({ lastUsedAt }: DirectoryTokenDocument) => (lastUsedAt === null ? 'never' : when(lastUsedAt)),
    },
  ];
  return table(items, columns, width, paint);
}

/** `rollcall directory rotate-token` for people: the one time that the token is shown. */
export function issuedTokenText({ directory, token }: IssuedDirectoryToken, { safe, paint }: Screen): string {
  return paragraphs(
    token,
    lines(
      'Keep it now: it is not shown again.',
      `${paint('bold', safe(directory.name))}: the provider pushes to /scim/v2/${safe(directory.id)} of this service.`,
    ),
  );
}

/** `rollcall directory revoke-token` for people. */
export function revokedTokenText(
  { directoryToken }: { directoryToken: DirectoryTokenDocument },
  { paint }: Screen,
): string {
  return `${paint('bold', `${directoryToken.prefix}…`)}: ${stateOf(directoryToken)}`;
}
