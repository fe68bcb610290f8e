import type { TenantDoor } from './api.js';
import type { MappingSource } from './history/as-of-claims.js';
import { listConflicts } from './reading/conflicts.js';
import { listDirectories } from './reading/directories.js';
import { eventHeads, listEvents } from './reading/events.js';
import { listFindings } from './reading/findings.js';
import { listGroups, showGroup } from './reading/groups.js';
import { historyOf } from './reading/history.js';
import { listMemberships } from './reading/memberships.js';
import { listOverrides } from './reading/overrides.js';
import { listQuarantine } from './reading/quarantine.js';
import { listReviews } from './reading/reviews.js';
import { listRuns, showRun } from './reading/runs.js';
import { listUsers, showUser } from './reading/users.js';
import { listTiers } from './scheduling/list-tiers.js';
import type { Sql } from './store/table.js';

/** What a tenant's door answers from the store as it is: nobody is changed, and no connector is needed for it. */
export interface ReadingDoor extends Pick<
  TenantDoor,
  | 'tenant'
  | 'users'
  | 'groups'
  | 'memberships'
  | 'runs'
  | 'explain'
  | 'history'
  | 'conflicts'
  | 'reviews'
  | 'findings'
  | 'quarantine'
  | 'events'
  | 'eventHead'
> {
  overrides: Pick<TenantDoor['overrides'], 'list'>;
  directories: Pick<TenantDoor['directories'], 'list' | 'schedule'>;
}

/** What stands behind that door. */
export interface ReadingParts {
  tenant: string;
  read: <T>(task: (sql: Sql) => Promise<T>) => Promise<T>;
  /** The stored form of now. */
  now: () => string;
  /** What stored mapping texts are read with: asked for by those answers alone that need it. */
  mappings: () => Promise<MappingSource>;
}

/** Opens that door. */
export function readingDoor({ tenant, read, now, mappings }: ReadingParts): ReadingDoor {
  return {
    tenant,
    overrides: { list: (request) => read((sql) => listOverrides(sql, tenant, now(), request)) },
    users: {
      list: (request) => read((sql) => listUsers(sql, tenant, request)),
      show: async (who, at) => {
        const moment = at === undefined ? undefined : { at, now: now(), mappings: await mappings() };
        return read((sql) => showUser(sql, tenant, who, moment));
      },
    },
    groups: {
      list: (request) => read((sql) => listGroups(sql, tenant, request)),
      show: (group, request) => read((sql) => showGroup(sql, tenant, group, request)),
    },
    memberships: (request) => read((sql) => listMemberships(sql, tenant, request)),
    runs: {
      list: (request) => read((sql) => listRuns(sql, tenant, request)),
      show: (id) => read((sql) => showRun(sql, tenant, id)),
    },
    explain: async (who, request = {}) => {
      const [{ explainWho }, source] = await Promise.all([import('./reading/explain.js'), mappings()]);
      return read((sql) => explainWho(sql, tenant, who, { ...request, now: now(), mappings: source }));
    },
    history: (who, request) => read((sql) => historyOf(sql, tenant, who, request)),
    conflicts: (request) => read((sql) => listConflicts(sql, tenant, request)),
    reviews: (request) => read((sql) => listReviews(sql, tenant, request)),
    findings: (request) => read((sql) => listFindings(sql, tenant, request)),
    quarantine: (request) => read((sql) => listQuarantine(sql, tenant, request)),
    events: (request) => read((sql) => listEvents(sql, tenant, request)),
    eventHead: async () => (await read((sql) => eventHeads(sql, [tenant]))).get(tenant) ?? 0,
    directories: {
      list: () => read((sql) => listDirectories(sql, tenant)),
      schedule: () => read((sql) => listTiers(sql, tenant, now())),
    },
  };
}
