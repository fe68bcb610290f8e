import type { ConsumerUser, TenantNames } from '@rollcall/core';
import { entityNotFound } from './answers.js';
import { storedId, tenantOfDirectory } from './ids.js';
import type { WorkosProfile } from './event-names.js';
import type { WorkosContext } from './request.js';

/** Objects that a list is narrowed to, as they were named. */
export interface NamedObjects {
  directory: string | undefined;
  group?: string | undefined;
  user?: string | undefined;
}

/** The same, found. */
export interface Narrowed {
  tenants: TenantNames;
  group?: string;
  user?: string;
}

/**
 * Finds the objects that a list is narrowed to.
 *
 * @throws {WorkosError} 404 for one that is not there: an empty list would say that nobody is in it.
 */
export async function narrowed(
  context: WorkosContext,
  all: TenantNames,
  { directory, group, user }: NamedObjects,
  profile: WorkosProfile,
): Promise<Narrowed> {
  const tenants = directory === undefined ? all : [tenantNamed(all, directory)];
  return {
    tenants,
    ...(group === undefined ? {} : { group: await groupNamed(context, all, group) }),
    ...(user === undefined ? {} : { user: await userNamed(context, all, user, profile) }),
  };
}

function tenantNamed(all: TenantNames, shown: string): string {
  const tenant = tenantOfDirectory(all, shown);
  if (tenant === null) throw entityNotFound('Directory', shown);
  return tenant;
}

async function groupNamed({ rollcall }: WorkosContext, all: TenantNames, shown: string): Promise<string> {
  const id = storedId('group', shown);
  const group = id === null ? null : await rollcall.consumers.group(all, id);
  if (group === null || group.removed) throw entityNotFound('Directory Group', shown);
  return group.id;
}

async function userNamed(
  { rollcall, limits }: WorkosContext,
  all: TenantNames,
  shown: string,
  profile: WorkosProfile,
): Promise<string> {
  const id = storedId('user', shown);
  const user = id === null ? null : await rollcall.consumers.user(all, id, limits.groupsPerUser);
  if (user === null || !isShown(user, profile)) throw entityNotFound('Directory User', shown);
  return user.id;
}

/** Whether somebody is there for whoever sees people in this profile. */
export function isShown({ active }: Pick<ConsumerUser, 'active'>, profile: WorkosProfile): boolean {
  return active || profile === 'keep_inactive';
}
