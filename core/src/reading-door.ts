import type { TenantDoor } from './api.js';
import { listConflicts } from './reading/conflicts.js';
import { listDirectories } from './reading/directories.js';
import { listEvents } from './reading/events.js';
import { listFindings } from './reading/findings.js';
import { listGroups, showGroup } from './reading/groups.js';
import { historyOf } from './reading/history.js';
import { listOverrides } from './reading/overrides.js';
import { listQuarantine } from './reading/quarantine.js';
import { listReviews } from './reading/reviews.js';
import { listUsers, showUser } from './reading/users.js';
import type { Sql } from './store/table.js';

/** What a tenant's door answers from the store as it is: no connector, no mapping and no rule is needed for it. */
export interface ReadingDoor extends Pick<
  TenantDoor,
  'tenant' | 'groups' | 'history' | 'conflicts' | 'reviews' | 'findings' | 'quarantine' | 'events'
> {
  overrides: Pick<TenantDoor['overrides'], 'list'>;
  users: {
    list: TenantDoor['users']['list'];
    /** As of now. */
    show(who: string): ReturnType<TenantDoor['users']['show']>;
  };
  directories: Pick<TenantDoor['directories'], 'list'>;
}

/** Opens that door. `now` answers the stored form of now. */
export function readingDoor(
  tenant: string,
  read: <T>(task: (sql: Sql) => Promise<T>) => Promise<T>,
  now: () => string,
): ReadingDoor {
  return {
    tenant,
    overrides: { list: (request) => read((sql) => listOverrides(sql, tenant, now(), request)) },
    users: {
      list: (request) => read((sql) => listUsers(sql, tenant, request)),
      show: (who) => read((sql) => showUser(sql, tenant, who)),
    },
    groups: {
      list: (request) => read((sql) => listGroups(sql, tenant, request)),
      show: (group) => read((sql) => showGroup(sql, tenant, group)),
    },
    history: (who, request) => read((sql) => historyOf(sql, tenant, who, request)),
    conflicts: (request) => read((sql) => listConflicts(sql, tenant, request)),
    reviews: (request) => read((sql) => listReviews(sql, tenant, request)),
    findings: (request) => read((sql) => listFindings(sql, tenant, request)),
    quarantine: (request) => read((sql) => listQuarantine(sql, tenant, request)),
    events: (request) => read((sql) => listEvents(sql, tenant, request)),
    directories: { list: () => read((sql) => listDirectories(sql, tenant)) },
  };
}
