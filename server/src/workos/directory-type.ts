import type { ConsumerDirectory } from '@rollcall/core';

const GENERIC = 'generic scim v2.0';

/** WorkOS's names for what a connector reads (its OpenAPI document, 7 August 2026). */
const KNOWN: Readonly<Record<string, string>> = {
  scim: GENERIC,
  okta: 'okta scim v2.0',
  'entra-id': 'azure scim v2.0',
  jumpcloud: 'jump cloud scim v2.0',
  onelogin: 'onelogin scim v2.0',
  rippling: 'rippling scim v2.0',
  'google-workspace': 'gsuite directory',
  workday: 'workday',
  bamboohr: 'bamboohr',
  hibob: 'hibob',
  csv: 'sftp',
};

/** Ours, for what WorkOS does not know. */
const OWN: Readonly<Record<string, string>> = { 'active-directory': 'active directory' };

/**
 * The type of a tenant's one directory: that of its source, or the generic one where several sources are merged.
 *
 * @param isGeneric - true: the generic one also where WorkOS has no name, for programs that know WorkOS's names alone.
 */
export function directoryType({ sources, identity }: ConsumerDirectory, isGeneric: boolean): string {
  const live = sources.filter(({ mode }) => mode === 'live');
  if (live.length > 1) return GENERIC;
  const source = live[0] ?? sources.find(({ directory }) => directory === identity) ?? sources[0];
  if (source === undefined) return GENERIC;
  const known = KNOWN[source.connector];
  if (known !== undefined) return known;
  return isGeneric ? GENERIC : (OWN[source.connector] ?? source.connector);
}
