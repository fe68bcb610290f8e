import { defineConnector, SETTINGS } from '@rollcall/connector-kit';
import { ScimConnector } from './connector.js';
import { settingsSchema } from './settings-schema.js';

export { handleScim } from './handle-scim.js';
export { ScimError, unavailable, type ScimType } from './errors.js';
export { refuse } from './http/respond.js';
export type { ScimContext, ScimLimits, ScimNote, ScimRequest, ScimResponse } from './http/request.js';
export type { IndexedAttribute, IndexKey, Lookup } from './filter/lookups.js';
export { observationOf } from './observation.js';
export { readSettings, type ScimSettings } from './settings.js';
export type {
  GroupReference,
  Member,
  MemberPageRequest,
  MemberRecord,
  PageRequest,
  ResourceContent,
  ScimReading,
  ScimStore,
  ScimUnit,
  StoredResource,
  WriteCause,
} from './store.js';

/** The connector `scim`: an identity provider pushes users and groups. */
export default defineConnector({
  id: 'scim',
  apiVersion: 1,
  title: 'SCIM 2.0 (Okta, Entra ID, JumpCloud, OneLogin, Rippling and others push)',
  settings: settingsSchema,
  capabilities: { kinds: ['user', 'group'], full: false, delta: false, one: false, notifications: false, push: true },
  needs: { settings: SETTINGS },
  create: () => new ScimConnector(),
});
