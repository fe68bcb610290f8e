import { expect } from 'chai';
import { compare, type DialectName, type Difference, type SimulatorOptions } from '#simulators/index.js';
import { ada, adaMarried, hire, linus, olga, vpn } from '../support/cast.js';
import { pairOf, type Pair } from '../support/provider-with.js';
import { token, type Fate, type ServiceProviderOptions } from '../support/service-provider.js';

describe('simulators/comparison: compare', () => {
  let pair: Pair;

  afterEach(async () => {
    await pair.close();
  });

  async function life(
    dialect: DialectName,
    server: ServiceProviderOptions,
    settings?: SimulatorOptions['settings'],
  ): Promise<Difference[]> {
    pair = await pairOf(dialect, { people: 0, groups: 0, ...(settings === undefined ? {} : { settings }) }, server);
    const { simulator } = pair;
    await simulator.apply([hire(ada), hire(linus), hire(olga), vpn]);
    await simulator.apply([{ kind: 'profile', person: adaMarried }]);
    await simulator.apply([{ kind: 'deactivate', person: 'olga', because: 'left' }]);
    return simulator.compare();
  }

  function brief(differences: readonly Difference[]): unknown[] {
    return differences.map(({ kind, key, attribute, expected, actual }) => [kind, key, attribute, expected, actual]);
  }

  it('finds nothing where the server did all that it was told', async () => {
    expect(await life('entra', {})).to.deep.equal([]);
  });

  it('finds a member that the server answered for and lost', async () => {
    const losesMember = (id: string): boolean => id === 'u-1';
    expect(brief(await life('okta', { mistakes: { losesMember } }))).to.deep.equal([
      ['member missing', 'vpn', 'members', 'u-1', null],
    ]);
  });

  it('finds a member whose removal was answered and not done', async () => {
    await life('okta', { mistakes: { keepsMember: (id) => id === 'u-1' } });
    await pair.simulator.apply([{ kind: 'members', group: 'vpn', add: [], remove: ['ada'] }]);
    expect(brief(await pair.simulator.compare())).to.deep.equal([['member unexpected', 'vpn', 'members', null, 'u-1']]);
  });

  it('finds a group that a rename emptied', async () => {
    await life('entra', { mistakes: { emptiesOnRename: true } });
    await pair.simulator.apply([{ kind: 'rename-group', group: 'vpn', name: 'VPN 2' }]);
    expect(brief(await pair.simulator.compare())).to.deep.equal([
      ['member missing', 'vpn', 'members', 'u-1', null],
      ['member missing', 'vpn', 'members', 'u-3', null],
    ]);
  });

  it('finds members that were lost between Entra’s PATCHes at once', async () => {
    const settings = { membersPerRequest: 5 };
    pair = await pairOf('entra', { people: 60, groups: 1, settings }, { mistakes: { racesOnMembers: true } });
    expect((await pair.simulator.assign()).problems).to.deep.equal([]);
    const kinds = (await pair.simulator.compare()).map(({ kind }) => kind);
    expect(new Set(kinds)).to.deep.equal(new Set(['member missing']));
  });

  it('finds a PATCH path that was answered and ignored', async () => {
    const differences = await life('entra', { mistakes: { ignoresPath: 'name.familyName' } });
    expect(brief(differences)).to.deep.equal([['attribute', 'ada', 'name.familyName', 'King', 'Lovelace']]);
  });

  it('finds the leaver whom active "False" left active', async () => {
    const differences = await life('entra', { mistakes: { takesTextAsTrue: true } });
    expect(brief(differences)).to.deep.equal([['attribute', 'olga', 'active', false, true]]);
  });

  it('finds the leaver of a OneLogin template whom "false" left active', async () => {
    const differences = await life('onelogin', { mistakes: { takesTextAsTrue: true } });
    expect(brief(differences)).to.deep.equal([['attribute', 'olga', 'active', false, true]]);
  });

  it('finds the leaver whom the server no longer answers by id', async () => {
    const differences = await life('entra', { mistakes: { hidesInactive: true } });
    expect(brief(differences)).to.deep.equal([['missing', 'olga', null, null, '404 by id']]);
  });

  it('finds the person whose creation is answered 409 again and again, and says so as a problem', async () => {
    const differences = await life('okta', { mistakes: { refusesUserName: linus.userName } });
    expect(brief(differences)).to.deep.equal([['missing', 'linus', null, null, null]]);
    expect(pair.simulator.problems).to.deep.equal([
      { task: 'hire linus', message: 'POST /Users: 409, and no such resource is found', status: 409 },
    ]);
  });

  it('finds the person whose creation broke off and is answered 409 when it is repeated', async () => {
    let posts = 0;
    const fate = ({ method, path }: { method: string; path: string }): Fate | undefined => {
      if (method !== 'POST' || path !== '/Users') return undefined;
      posts += 1;
      if (posts === 1) return { kind: 'drop before' };
      return posts === 2 ? { kind: 'answer', status: 409 } : undefined;
    };
    const differences = await life('entra', { fate });
    expect(brief(differences)).to.deep.equal([['missing', 'ada', null, null, null]]);
    expect(pair.simulator.problems.map(({ task, status }) => [task, status])).to.deep.include(['hire ada', 409]);
  });

  it('finds an e-mail that a minimal PUT of JumpCloud blanked', async () => {
    const differences = await life('jumpcloud', { putKeeps: false }, { put: 'minimal' });
    expect(brief(differences)).to.deep.include(['attribute', 'ada', 'emails[work]', 'ada@acme.example', null]);
  });

  it('knows what Entra never clears: a title that is gone at the source still stands', async () => {
    expect(await life('entra', {})).to.deep.equal([]);
    const user = pair.simulator.expected().users.find(({ key }) => key === 'ada');
    expect(user?.attributes.title).to.equal(ada.title);
    expect(pair.server.resources.get('Users', 'u-1').attributes.title).to.equal(ada.title);
  });

  it('knows what Okta clears: the same title is expected to be gone', async () => {
    expect(await life('okta', {}, { profile: 'extended' })).to.deep.equal([]);
    expect(pair.simulator.expected().users[0]?.attributes.title).to.equal(null);
    expect(pair.server.resources.get('Users', 'u-1').attributes).not.to.have.property('title');
  });

  it('does not compare what a dialect never sends', async () => {
    expect(await life('rippling', {})).to.deep.equal([]);
    pair.server.resources.get('Users', 'u-1').attributes.title = 'Set by somebody else';
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('finds a resource that nobody pushed, a member that nobody added, and a wrong type', async () => {
    await life('okta', {});
    const { resources } = pair.server;
    resources.create('Users', { userName: 'stranger' });
    resources.get('Users', 'u-2').attributes.active = 'true';
    resources.get('Groups', 'g-4').members.set('u-2', { value: 'u-2' });
    expect(brief(await pair.simulator.compare())).to.deep.equal([
      ['attribute', 'linus', 'active', true, 'true'],
      ['unexpected', null, null, null, 'stranger'],
      ['member unexpected', 'vpn', 'members', null, 'u-2'],
    ]);
  });

  it('finds a deleted user who is still answered', async () => {
    pair = await pairOf('entra', { people: 0, groups: 0 }, { mistakes: { keepsDeleted: true } });
    await pair.simulator.apply([hire(ada)]);
    await pair.simulator.apply([{ kind: 'delete', person: 'ada' }]);
    expect(brief(await pair.simulator.compare())).to.deep.equal([
      ['unexpected', null, null, null, ada.userName],
      ['not gone', null, null, null, '/Users/u-1'],
    ]);
  });

  it('reads every page, and finds a page that repeats a resource', async () => {
    pair = await pairOf('okta', { people: 230, groups: 1, concurrency: 4 }, { mistakes: { repeatsOnPages: true } });
    await pair.simulator.assign();
    const kinds = (await pair.simulator.compare()).map(({ kind, actual }) => [kind, actual]);
    expect(kinds).to.deep.include(['list', 'Users: u-100 stands on two pages']);
    expect(pair.server.requests.filter((line) => line === 'GET /Users').length).to.be.greaterThan(230 + 2);
  });

  it('reads on where a server gives OneLogin less than the whole list', async () => {
    pair = await pairOf('onelogin', { people: 25, groups: 7, concurrency: 4 }, { pageLimit: 3 });
    expect((await pair.simulator.assign()).problems).to.deep.equal([]);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('compares with a document alone, as another process has it', async () => {
    await life('okta', {});
    const document = JSON.parse(JSON.stringify(pair.simulator.expected())) as ReturnType<Pair['simulator']['expected']>;
    expect(await compare(document, { baseUrl: pair.baseUrl, token })).to.deep.equal([]);
    pair.server.resources.delete('Users', 'u-2');
    expect(brief(await compare(document, { baseUrl: pair.baseUrl, token }))).to.deep.equal([
      ['missing', 'linus', null, null, null],
    ]);
  });
});
