import type { ExpectedGroup, ExpectedState, ExpectedUser } from '../belief/expected.js';
import { at, readIfThere, type ResourceName } from '../dialects/resources.js';
import type { ScimClient } from '../http/scim-client.js';
import { attributesOf, type Attributes, type Scalar } from '../scim/attributes.js';
import { isObject, listOf, textOf, type JsonObject } from '../scim/json.js';
import { readAll, type Paging } from './read-all.js';

/** Where the server does not stand as the provider believes. */
export interface Difference {
  readonly kind: 'missing' | 'unexpected' | 'attribute' | 'member missing' | 'member unexpected' | 'not gone' | 'list';
  readonly resource: ResourceName;
  /** The key in the population, where there is one. */
  readonly key: string | null;
  /** The SCIM id, where there is one. */
  readonly id: string | null;
  readonly attribute: string | null;
  readonly expected: Scalar;
  readonly actual: Scalar;
}

export interface CompareOptions {
  readonly client: ScimClient;
  readonly paging: Paging;
}

/**
 * Reads everything back over SCIM and lists what differs.
 *
 * @returns nothing when the server stands as expected.
 * @throws {Refused} when the server does not let itself be read.
 */
export async function compareWith(expected: ExpectedState, { client, paging }: CompareOptions): Promise<Difference[]> {
  const users = await readAll(client, 'Users', paging);
  const groups = await readAll(client, 'Groups', paging);
  const idByKey = new Map(expected.users.map(({ key, id }) => [key, id]));
  return [
    ...[...users.findings, ...groups.findings].map((actual) => difference('list', 'Users', { actual })),
    ...differencesOf('Users', expected.users, users.resources, expected, userDifferences),
    ...differencesOf('Groups', expected.groups, groups.resources, expected, (group, actual) =>
      groupDifferences(group, actual, idByKey),
    ),
    ...(await unreadable(client, expected.users)),
    ...(await notGone(client, 'Users', expected.gone.users)),
    ...(await notGone(client, 'Groups', expected.gone.groups)),
  ];
}

function difference(kind: Difference['kind'], resource: ResourceName, rest: Partial<Difference>): Difference {
  return { kind, resource, key: null, id: null, attribute: null, expected: null, actual: null, ...rest };
}

interface Identified {
  readonly key: string;
  readonly id: string | null;
}

function differencesOf<T extends Identified>(
  resource: ResourceName,
  expected: readonly T[],
  resources: readonly JsonObject[],
  { tolerated }: ExpectedState,
  compare: (expected: T, actual: JsonObject) => Difference[],
): Difference[] {
  const actualById = new Map(resources.map((actual) => [textOf(actual.id), actual]));
  const wanted = new Set<string | null>([...expected.map(({ id }) => id), ...tolerated]);
  const unexpected = resources
    .filter(({ id }) => !wanted.has(textOf(id)))
    .map((actual) =>
      difference('unexpected', resource, {
        id: textOf(actual.id),
        actual: textOf(actual.userName ?? actual.displayName),
      }),
    );
  return [
    ...expected.flatMap((one) => {
      const actual = one.id === null ? undefined : actualById.get(one.id);
      return actual === undefined
        ? [difference('missing', resource, { key: one.key, id: one.id })]
        : compare(one, actual);
    }),
    ...unexpected,
  ];
}

function userDifferences(user: ExpectedUser, resource: JsonObject): Difference[] {
  const actual = attributesOf(resource);
  return wrongAttributes(user.attributes, actual)
    .filter((name) => name !== 'enterprise.manager' || actual[name] !== user.managerId || user.managerId === null)
    .map((name) => wrong('Users', user, name, user.attributes, actual));
}

function groupDifferences(
  group: ExpectedGroup,
  resource: JsonObject,
  idByKey: ReadonlyMap<string, string | null>,
): Difference[] {
  const actual = attributesOf(resource);
  const shown = listOf(resource.members).flatMap((member) => (isObject(member) ? (textOf(member.value) ?? []) : []));
  const wanted = new Set(group.members.map((key) => idByKey.get(key) ?? key));
  const place = { key: group.key, id: group.id, attribute: 'members' };
  const there = new Set(shown);
  return [
    ...wrongAttributes(group.attributes, actual).map((name) => wrong('Groups', group, name, group.attributes, actual)),
    ...[...wanted]
      .filter((id) => !there.has(id))
      .map((id) => difference('member missing', 'Groups', { ...place, expected: id })),
    ...[...there]
      .filter((id) => !wanted.has(id))
      .map((id) => difference('member unexpected', 'Groups', { ...place, actual: id })),
    ...repeated(shown).map((id) =>
      difference('list', 'Groups', { ...place, actual: `the member ${id} stands there twice` }),
    ),
  ];
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

/** Names whose value differs; `""` and none are the same, `true` and `"true"` are not. */
function wrongAttributes(expected: Attributes, actual: Attributes): string[] {
  return Object.keys(expected).filter((name) => (expected[name] ?? null) !== (actual[name] ?? null));
}

function wrong(
  resource: ResourceName,
  { key, id }: Identified,
  name: string,
  expected: Attributes,
  actual: Attributes,
): Difference {
  return difference('attribute', resource, {
    key,
    id,
    attribute: name,
    expected: expected[name] ?? null,
    actual: actual[name] ?? null,
  });
}

/** Inactive users stay readable: one that only the list shows is lost to a provider that asks for it by id. */
async function unreadable(client: ScimClient, users: readonly ExpectedUser[]): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const { key, id, attributes } of users) {
    if (id === null || attributes.active !== false) continue;
    const there = await readIfThere(client, 'Users', id);
    if (there === null) found.push(difference('missing', 'Users', { key, id, actual: '404 by id' }));
  }
  return found;
}

async function notGone(client: ScimClient, resource: ResourceName, ids: readonly string[]): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const id of ids) {
    const there = await readIfThere(client, resource, id);
    if (there !== null) found.push(difference('not gone', resource, { id, actual: at(resource, id) }));
  }
  return found;
}
