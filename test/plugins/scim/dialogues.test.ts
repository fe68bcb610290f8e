import type { Json, JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { idOf, readCase, resourcesOf, TestDirectory } from './support/directory.js';

/** What a provider does with one person or group, step by step. Steps of one script go in order, scripts beside each other. */
type Script = (directory: TestDirectory) => Promise<void>;

/** Looks somebody up by a filter and creates them when nobody is found, as every provider does. */
async function adopt(
  directory: TestDirectory,
  path: string,
  { filter, body }: { filter: string; body: JsonObject },
): Promise<string> {
  const found = resourcesOf(await directory.filter(path, filter, '&startIndex=1&count=100'));
  return found.length > 0 ? (found[0]?.id as string) : idOf(await directory.post(path, body));
}

function person(file: string, name: string): JsonObject {
  const body = readCase(`bodies/${file}.json`) as JsonObject;
  return { ...body, userName: name, ...(body.externalId === undefined ? {} : { externalId: `ext-${name}` }) };
}

const user =
  (file: string, name: string, steps: (directory: TestDirectory, path: string) => Promise<unknown>): Script =>
  async (directory) => {
    const id = await adopt(directory, '/Users', { filter: `userName eq "${name}"`, body: person(file, name) });
    await steps(directory, `/Users/${id}`);
  };

const put = async (directory: TestDirectory, path: string, change: JsonObject): Promise<unknown> => {
  const { document } = await directory.get(path);
  return directory.send('PUT', path, { body: { ...document, ...change } });
};

const okta: Script[] = [
  user('okta-user', 'stays@okta', (directory, path) => put(directory, path, { title: 'Engineer' })),
  user('okta-user', 'leaves@okta', (directory, path) =>
    directory.patch(path, { op: 'replace', value: { active: false } }),
  ),
  user('okta-user', 'returns@okta', async (directory, path) => {
    await put(directory, path, { active: false });
    await put(directory, path, { active: true });
  }),
];

const entra: Script[] = [
  user('entra-user', 'stays@entra', async (directory, path) => {
    await directory.patch(path, { op: 'Replace', path: 'name.givenName', value: 'Augusta' });
    await directory.patch(path, { op: 'Add', path: 'emails[type eq "home"].value', value: 'home@entra' });
    await directory.patch(path, { op: 'Add', path: 'manager', value: [{ $ref: null, value: 'boss' }] });
  }),
  user('entra-user', 'leaves@entra', (directory, path) =>
    directory.patch(path, { op: 'Replace', path: 'active', value: 'False' }),
  ),
  user('entra-user', 'deleted@entra', (directory, path) => directory.send('DELETE', path)),
];

const jumpcloud: Script[] = [
  user('jumpcloud-user', 'stays@jumpcloud', (directory, path) =>
    directory.send('PUT', path, { body: { userName: 'stays@jumpcloud', emails: null, active: true } }),
  ),
  user('jumpcloud-user', 'test@jumpcloud', (directory, path) => directory.send('DELETE', path)),
];

const onelogin: Script[] = [
  user('onelogin-user', 'stays@onelogin', (directory, path) => put(directory, path, { title: null, active: 'true' })),
  user('onelogin-user', 'suspended@onelogin', (directory, path) => put(directory, path, { active: 'false' })),
];

const rippling: Script[] = [
  user('rippling-user', 'stays@rippling', (directory, path) =>
    directory.patch(path, { op: 'replace', value: { title: 'Chief' } }),
  ),
];

/** Groups come after the people that are in them: a provider names ids that it got from us. */
async function idByName(directory: TestDirectory, name: string): Promise<string> {
  return resourcesOf(await directory.filter('/Users', `userName eq "${name}"`))[0]?.id as string;
}

const oktaPush: Script = async (directory) => {
  const [stays, leaves] = [await idByName(directory, 'stays@okta'), await idByName(directory, 'leaves@okta')];
  const body = readCase('bodies/okta-group.json') as JsonObject;
  const id = await adopt(directory, '/Groups', { filter: 'displayName eq "Engineering"', body });
  const rename = { op: 'replace', value: { id, displayName: 'Engineering' } };
  await directory.patch(`/Groups/${id}`, rename, {
    op: 'add',
    path: 'members',
    value: [{ value: stays }, { value: leaves }],
  });
  await directory.patch(`/Groups/${id}`, rename, { op: 'remove', path: `members[value eq "${leaves}"]` });
};

const entraMembers: Script = async (directory) => {
  const body = readCase('bodies/entra-group.json') as JsonObject;
  const id = await adopt(directory, '/Groups', { filter: 'displayName eq "Research"', body });
  const members = await Promise.all(['stays@entra', 'leaves@entra'].map((name) => idByName(directory, name)));
  const operation = (op: string, value: string): Json => ({ op, path: 'members', value: [{ $ref: null, value }] });
  await Promise.all(members.map((value) => directory.patch(`/Groups/${id}`, operation('Add', value))));
  await directory.patch(`/Groups/${id}`, operation('Add', members[0] ?? ''));
};

const oneLoginRoles: Script = async (directory) => {
  await directory.get('/Groups');
  const id = await directory.group('roles');
  const members = [{ value: await idByName(directory, 'stays@onelogin'), operation: 'add' }];
  await directory.send('PATCH', `/Groups/${id}`, { body: { members } });
};

const ripplingGroup: Script = async (directory) => {
  const id = await directory.group('rippling');
  await directory.patch(`/Groups/${id}`, {
    op: 'add',
    path: 'members',
    value: [{ value: await idByName(directory, 'stays@rippling') }],
  });
};

/** Everything visible, without ids and times. */
async function stateOf(directory: TestDirectory): Promise<string[]> {
  const users = resourcesOf(await directory.get('/Users'));
  const names = new Map(users.map(({ id, userName }) => [id, userName]));
  const lines = users.map(({ groups, ...rest }) => {
    const displays = ((groups ?? []) as JsonObject[]).map(({ display }) => display);
    return JSON.stringify({ ...rest, id: null, meta: null, groups: displays });
  });
  for (const { displayName, members } of resourcesOf(await directory.get('/Groups'))) {
    lines.push(
      JSON.stringify([displayName, (members as JsonObject[]).map(({ value }) => names.get(value ?? null)).sort()]),
    );
  }
  return lines.sort();
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
  return list
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const people: readonly Script[] = [...okta, ...entra, ...jumpcloud, ...onelogin, ...rippling];
const groups: readonly Script[] = [oktaPush, entraMembers, oneLoginRoles, ripplingGroup];

describe('plugins/scim: dialogues of the five providers', () => {
  async function inOrder(): Promise<TestDirectory> {
    const directory = new TestDirectory();
    for (const script of [...people, ...groups]) await script(directory);
    return directory;
  }

  it('X2: end as they should', async () => {
    const directory = await inOrder();
    const state = await stateOf(directory);
    expect(state.filter((line) => line.startsWith('['))).to.deep.equal([
      '["Engineering",["stays@okta"]]',
      '["Research",["leaves@entra","stays@entra"]]',
      '["rippling",["stays@rippling"]]',
      '["roles",["stays@onelogin"]]',
    ]);
    const active = resourcesOf(await directory.get('/Users')).map(
      ({ userName, active: is }) => `${userName as string} ${String(is as boolean)}`,
    );
    expect(active.sort()).to.deep.equal([
      'leaves@entra false',
      'leaves@okta false',
      'returns@okta true',
      'stays@entra true',
      'stays@jumpcloud true',
      'stays@okta true',
      'stays@onelogin true',
      'stays@rippling true',
      'suspended@onelogin false',
    ]);
    expect(directory.store.all('user').filter(({ goneAt }) => goneAt !== null)).to.have.length(2);
  });

  it('X2: end the same in any order and side by side', async () => {
    const wanted = await stateOf(await inOrder());
    for (let seed = 1; seed <= 10; seed += 1) {
      const directory = new TestDirectory({ seed });
      await Promise.all(shuffled(people, seed).map((script) => script(directory)));
      await Promise.all(shuffled(groups, seed).map((script) => script(directory)));
      expect(await stateOf(directory), `seed ${seed}`).to.deep.equal(wanted);
    }
  });

  it('X2: end the same when every request is sent twice', async () => {
    const wanted = await stateOf(await inOrder());
    const directory = new TestDirectory();
    const send = directory.send.bind(directory);
    directory.send = async (...request) => {
      const first = await send(...request);
      if (request[0] !== 'GET') await send(...request);
      return first;
    };
    for (const script of [...people, ...groups]) await script(directory);
    expect(await stateOf(directory)).to.deep.equal(wanted);
  });
});
