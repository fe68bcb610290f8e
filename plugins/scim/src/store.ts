import type {
  PushedContent,
  PushedGroupReference,
  PushedMember,
  PushedMemberPageRequest,
  PushedMemberRecord,
  PushedPageRequest,
  PushedResource,
  PushReading,
  PushStore,
  PushUnit,
} from '@rollcall/connector-kit';

/** Why a resource was written last, for history. */
export type WriteCause =
  | 'scim.created'
  | 'scim.recreated'
  | 'scim.updated'
  | 'scim.deactivated'
  | 'scim.reactivated'
  | 'scim.membersChanged'
  | 'scim.deleted';

/** What the protocol needs of a store, for one directory: the kit's port for sources that push, by this protocol's names. */
export type ScimStore = PushStore;
export type ScimReading = PushReading;
export type ScimUnit = PushUnit;
export type StoredResource = PushedResource;
export type ResourceContent = PushedContent;
export type Member = PushedMember;
export type MemberRecord = PushedMemberRecord;
export type GroupReference = PushedGroupReference;
export type PageRequest = PushedPageRequest;
export type MemberPageRequest = PushedMemberPageRequest;
