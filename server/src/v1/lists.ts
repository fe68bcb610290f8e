import type { FastifyInstance } from 'fastify';
import type { Listing, ReadingDoor } from '@rollcall/core';
import { answers, SECURITY, type V1Context } from './context.js';
import { ALL, ID, INSTANT, NAME, PAGE, parameters, TENANT, WHO } from './parameters.js';
import { page, text, the, type JsonSchema } from './schemas/words.js';

/** What a request chose: its query without the page, and the path's parameters. */
type Chosen = Readonly<Record<string, string | number | boolean | undefined>>;
type Page = { limit: number } & ({ after: string } | { after?: never });

/** A list as a route. */
interface List {
  path: string;
  operationId: string;
  summary: string;
  document: JsonSchema;
  format: string;
  filters?: Readonly<Record<string, JsonSchema>>;
  parameters?: Readonly<Record<string, JsonSchema>>;
  read: (door: ReadingDoor, chosen: Chosen, page: Page) => Promise<Listing<unknown>>;
}

const textOf = (value: Chosen[string]): string | undefined => (typeof value === 'string' ? value : undefined);
const given = <Name extends string>(name: Name, value: Chosen[string]): Partial<Record<Name, string>> =>
  textOf(value) === undefined ? {} : ({ [name]: value } as Partial<Record<Name, string>>);

const LISTS: readonly List[] = [
  {
    path: '/users',
    operationId: 'listUsers',
    summary: 'The people of a tenant, in the order of their making, merged ones among them.',
    format: 'rollcall.users/1',
    document: the('User'),
    filters: { active: { type: 'boolean' }, reason: NAME },
    read: (door, { active, reason }, part) =>
      door.users.list({ ...part, ...given('reason', reason), ...(typeof active === 'boolean' ? { active } : {}) }),
  },
  {
    path: '/users/:who/history',
    operationId: 'listHistory',
    summary: 'What changed about a person, when, and because of what; oldest first.',
    format: 'rollcall.history/1',
    document: the('HistoryItem'),
    parameters: { who: WHO },
    filters: { attribute: NAME },
    read: (door, { who, attribute }, part) => door.history(String(who), { ...part, ...given('attribute', attribute) }),
  },
  {
    path: '/groups',
    operationId: 'listGroups',
    summary: 'The groups of a tenant, removed ones among them.',
    format: 'rollcall.groups/1',
    document: the('Group'),
    read: (door, _chosen, part) => door.groups.list(part),
  },
  {
    path: '/memberships',
    operationId: 'listMemberships',
    summary: 'Who is in which group, now or as of a moment.',
    format: 'rollcall.memberships/1',
    document: the('Membership'),
    filters: { user: ID, group: ID, at: INSTANT },
    read: (door, { user, group, at }, part) =>
      door.memberships({ ...part, ...given('user', user), ...given('group', group), ...given('at', at) }),
  },
  {
    path: '/directories',
    operationId: 'listDirectories',
    summary: 'The directories of a tenant, in the order of its file; always one page.',
    format: 'rollcall.directory-list/1',
    document: the('Directory'),
    read: async (door) => ({ items: await door.directories.list(), next: null }),
  },
  {
    path: '/runs',
    operationId: 'listRuns',
    summary: 'The runs of a tenant, or of one directory; the latest first.',
    format: 'rollcall.runs/1',
    document: the('Run'),
    filters: { directory: NAME },
    read: (door, { directory }, part) => door.runs.list({ ...part, ...given('directory', directory) }),
  },
  {
    path: '/conflicts',
    operationId: 'listConflicts',
    summary: 'Where directories disagree about a person.',
    format: 'rollcall.conflicts/1',
    document: the('Conflict'),
    filters: { all: ALL },
    read: (door, { all }, part) => door.conflicts({ ...part, all: all === true }),
  },
  {
    path: '/reviews',
    operationId: 'listReviews',
    summary: 'What waits for a decision of a person.',
    format: 'rollcall.reviews/1',
    document: the('Review'),
    filters: { all: ALL },
    read: (door, { all }, part) => door.reviews({ ...part, all: all === true }),
  },
  {
    path: '/findings',
    operationId: 'listFindings',
    summary: 'What someone should see and nobody has to decide.',
    format: 'rollcall.findings-list/1',
    document: the('Finding'),
    filters: { all: ALL },
    read: (door, { all }, part) => door.findings({ ...part, all: all === true }),
  },
  {
    path: '/overrides',
    operationId: 'listOverrides',
    summary: 'Values that people set by hand, and the pins of rejected reviews.',
    format: 'rollcall.override-list/1',
    document: the('Override'),
    filters: { all: ALL },
    read: (door, { all }, part) => door.overrides.list({ ...part, all: all === true }),
  },
  {
    path: '/quarantine',
    operationId: 'listQuarantine',
    summary: 'Records and values that could not be used.',
    format: 'rollcall.quarantine/1',
    document: the('QuarantineItem'),
    read: (door, _chosen, part) => door.quarantine(part),
  },
];

/** Every list of the native API: pages whose cursors are signed and fit no other list. */
export function addLists(scope: FastifyInstance, context: V1Context): void {
  for (const list of LISTS) addList(scope, context, list);
}

function addList(scope: FastifyInstance, { rollcall, cursors }: V1Context, list: List): void {
  const { operationId, summary, format } = list;
  const isHistory = operationId === 'listHistory';
  const document = page(format, list.document);
  const schema = {
    operationId,
    summary,
    tags: ['reading'],
    security: SECURITY,
    params: parameters({ tenant: TENANT, ...list.parameters }, ['tenant', ...Object.keys(list.parameters ?? {})]),
    querystring: parameters({ ...PAGE, ...list.filters }),
    response: answers(isHistory ? withUser(document) : document),
  };
  scope.get(`/tenants/:tenant${list.path}`, { schema }, async (request) => {
    const { tenant, ...path } = request.params as { tenant: string } & Record<string, string>;
    const { limit, after, ...query } = request.query as { limit: number; after?: string } & Chosen;
    const filters: Chosen = { ...path, ...query };
    const cursorScope = { tenant, list: operationId, filters };
    const part: Page = after === undefined ? { limit } : { limit, after: cursors.open(cursorScope, after) };
    const listing = await list.read(await rollcall.reading(tenant), filters, part);
    return { format, ...listing, next: listing.next === null ? null : cursors.sign(cursorScope, String(listing.next)) };
  });
}

function withUser(document: JsonSchema): JsonSchema {
  return { ...document, properties: { ...(document.properties as object), user: text } };
}
