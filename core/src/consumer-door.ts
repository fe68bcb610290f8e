import type { EventDocument } from './model/documents.js';
import {
  findConsumerDirectory,
  listConsumerDirectories,
  type ConsumerDirectoriesRequest,
  type ConsumerDirectory,
} from './reading/consumer-directories.js';
import { eventGrounds, type EventGrounds } from './reading/consumer-event-grounds.js';
import { listConsumerEvents, type ConsumerEventsRequest } from './reading/consumer-events.js';
import {
  consumerGroups,
  listConsumerGroups,
  type ConsumerGroup,
  type ConsumerGroupsRequest,
} from './reading/consumer-groups.js';
import {
  findConsumerUser,
  listConsumerUsers,
  type ConsumerUser,
  type ConsumerUsersRequest,
} from './reading/consumer-users.js';
import { ownerOf } from './reading/objects.js';
import type { ObjectListing } from './reading/page-by-object.js';
import type { Store } from './store/store.js';
import type { Sql } from './store/table.js';

/** Names of the tenants that are looked into: every statement is bound to them. */
export type TenantNames = readonly string[];

/**
 * What programs read that know people of several tenants by their ids alone. Nothing of any other tenant is ever
 * answered: an object of theirs is one that is not there.
 *
 * Lists are pages whose cursors are the ids of objects. They throw RC_CURSOR_INVALID (64) for an id that is not there.
 */
export interface ConsumerDoor {
  /** Each tenant's directories as one; cursors are names of tenants. */
  directories(tenants: TenantNames, request: ConsumerDirectoriesRequest): Promise<ObjectListing<ConsumerDirectory>>;
  directory(tenant: string): Promise<ConsumerDirectory | null>;
  users(tenants: TenantNames, request: ConsumerUsersRequest): Promise<ObjectListing<ConsumerUser>>;
  /** Who was merged answers as who they live on in. */
  user(tenants: TenantNames, id: string, mostGroups: number): Promise<ConsumerUser | null>;
  groups(tenants: TenantNames, request: ConsumerGroupsRequest): Promise<ObjectListing<ConsumerGroup>>;
  /** Removed ones, too. */
  group(tenants: TenantNames, id: string): Promise<ConsumerGroup | null>;
  /** Events of one tenant in the order of their sequence, of several in the order of their ids. */
  events(tenants: TenantNames, request: ConsumerEventsRequest): Promise<ObjectListing<EventDocument>>;
  /** What stands around events of one tenant. */
  eventGrounds(tenant: string, events: readonly EventDocument[]): Promise<EventGrounds>;
}

/** What stands behind that door. */
export interface ConsumerParts {
  store: Pick<Store, 'read'>;
  /** Brings the schema up to date where it is not. */
  prepare: () => Promise<void>;
}

/** Opens that door. */
export function openConsumerDoor({ store, prepare }: ConsumerParts): ConsumerDoor {
  const read = async <T>(task: (sql: Sql) => Promise<T>): Promise<T> => {
    await prepare();
    return store.read(task);
  };
  return {
    directories: (tenants, request) => read((sql) => listConsumerDirectories(sql, tenants, request)),
    directory: (tenant) => read((sql) => findConsumerDirectory(sql, tenant)),
    users: (tenants, request) => read((sql) => listConsumerUsers(sql, tenants, request)),
    user: (tenants, id, mostGroups) => read((sql) => findConsumerUser(sql, tenants, id, mostGroups)),
    groups: (tenants, request) => read((sql) => listConsumerGroups(sql, tenants, request)),
    group: (tenants, id) => read((sql) => findGroup(sql, tenants, id)),
    events: (tenants, request) => read((sql) => listConsumerEvents(sql, tenants, request)),
    eventGrounds: (tenant, events) => read((sql) => eventGrounds(sql, tenant, events)),
  };
}

async function findGroup(sql: Sql, tenants: TenantNames, id: string): Promise<ConsumerGroup | null> {
  const tenant = await ownerOf(sql, 'group', tenants, id);
  if (tenant === null) return null;
  return (await consumerGroups(sql, [{ tenant_id: tenant, id }])).get(id) ?? null;
}
