/** Objects whose ids differ from Rollcall's own by their prefix alone. */
export type ShownKind = 'user' | 'group' | 'event';

const PREFIXES: Readonly<Record<ShownKind, { ours: string; theirs: string }>> = {
  user: { ours: 'usr-', theirs: 'directory_user_' },
  group: { ours: 'grp-', theirs: 'directory_group_' },
  event: { ours: 'evt-', theirs: 'event_' },
};

const DIRECTORY = 'directory_';
const ORGANIZATION = 'org_';

/** An id of ours as programs that were written for WorkOS know such ids: told apart by their beginning. */
export function shownId(kind: ShownKind, id: string): string {
  const { ours, theirs } = PREFIXES[kind];
  return `${theirs}${id.startsWith(ours) ? id.slice(ours.length) : id}`;
}

/** The id of ours that is shown so; null for what cannot be one. */
export function storedId(kind: ShownKind, shown: string): string | null {
  const { ours, theirs } = PREFIXES[kind];
  if (!shown.startsWith(theirs)) return null;
  const rest = shown.slice(theirs.length);
  return /^[a-z0-9]+$/.test(rest) ? `${ours}${rest}` : null;
}

export const directoryId = (tenant: string): string => `${DIRECTORY}${tenant}`;
export const organizationId = (tenant: string): string => `${ORGANIZATION}${tenant}`;

/** The tenant that is among these and has that directory; null: none. */
export function tenantOfDirectory(tenants: readonly string[], shown: string): string | null {
  return tenants.find((tenant) => directoryId(tenant) === shown) ?? null;
}

/** The tenant that is among these and is that organization; null: none. */
export function tenantOfOrganization(tenants: readonly string[], shown: string): string | null {
  return tenants.find((tenant) => organizationId(tenant) === shown) ?? null;
}
