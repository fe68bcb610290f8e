import type { ApiKeyDocument, IssuedApiKey, Listing } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { lines, moreLine, nextStep, paragraphs, when } from './words.js';

const tenantsOf = ({ tenants }: ApiKeyDocument): string => tenants?.join(', ') ?? 'all';

function stateOf({ revokedAt, expiresAt }: ApiKeyDocument): string {
  if (revokedAt !== null) return `revoked ${when(revokedAt)}`;
  return expiresAt === null ? 'without end' : `until ${when(expiresAt)}`;
}

/** `rollcall apikey list` for people. */
export function apiKeysText(listing: Listing<ApiKeyDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (listing.items.length === 0)
    return paragraphs('No API keys.', nextStep(screen, 'Make one', 'apikey:create', 'NAME'));
  const columns = [
    { title: 'ID', cell: (key: ApiKeyDocument) => safe(key.id), isWhole: true, style: () => 'dim' as const },
    { title: 'NAME', cell: (key: ApiKeyDocument) => safe(key.name) },
    { title: 'TENANTS', cell: (key: ApiKeyDocument) => safe(tenantsOf(key)) },
    { title: 'RIGHTS', cell: (key: ApiKeyDocument) => key.rights.join(', ') },
    { title: 'GOOD', cell: stateOf },
    {
      title: 'LAST USED',
      cell: ({ lastUsedAt }: ApiKeyDocument) => (lastUsedAt === null ? 'never' : when(lastUsedAt)),
    },
    {
      title: 'TOKENS',
      cell: ({ tokens }: ApiKeyDocument) => tokens.map(({ prefix }) => `${prefix}…`).join(' '),
      isWhole: true,
    },
  ];
  return paragraphs(table(listing.items, columns, width, paint), moreLine(listing, screen, 'apikey:list'));
}

/** `rollcall apikey create` and `rotate` for people: the one time that the token is shown. */
export function issuedKeyText({ apiKey, token }: IssuedApiKey, screen: Screen): string {
  const { safe, paint } = screen;
  const others = apiKey.tokens.filter(({ prefix, expiresAt }) => expiresAt !== null && !token.startsWith(prefix));
  return paragraphs(
    token,
    lines(
      'Keep it now: it is not shown again.',
      `${paint('bold', safe(apiKey.name))} ${paint('dim', `(${safe(apiKey.id)})`)}: ${apiKey.rights.join(', ')}; tenants: ${safe(tenantsOf(apiKey))}; ${stateOf(apiKey)}`,
      ...others.map(({ prefix, expiresAt }) => `${prefix}… ends ${when(expiresAt ?? '')}`),
    ),
  );
}

/** `rollcall apikey revoke` for people. */
export function revokedKeyText({ apiKey }: { apiKey: ApiKeyDocument }, { safe, paint }: Screen): string {
  return `${paint('bold', safe(apiKey.name))} ${paint('dim', `(${safe(apiKey.id)})`)}: ${stateOf(apiKey)}`;
}
