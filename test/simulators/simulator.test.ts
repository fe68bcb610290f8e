import { expect } from 'chai';
import * as simulators from '#simulators/index.js';
import { createSimulator, Refused, type SimulatorState } from '#simulators/index.js';
import { ada, adaMarried, hire, linus, olga, vpn } from './support/cast.js';
import { pairOf, type Pair } from './support/provider-with.js';
import { token, type Fate } from './support/service-provider.js';

describe('simulators: simulator', () => {
  let pair: Pair;

  afterEach(async () => {
    await pair.close();
  });

  it('offers these names', async () => {
    pair = await pairOf('okta');
    expect(Object.keys(simulators).sort()).to.deep.equal([
      'Refused',
      'compare',
      'createPopulation',
      'createSimulator',
      'createWeek',
      'dialectNames',
    ]);
  });

  it('stops at a wrong token, and says what the server said', async () => {
    pair = await pairOf('entra', { token: 'wrong' });
    const report = await pair.simulator.assign();
    expect(report.isStopped).to.equal(true);
    expect(report.problems).to.have.length(1);
    expect(report.problems[0]?.message).to.match(/401: The token is wrong\.$/);
    expect(pair.server.requests).to.have.length(1);
  });

  it('says by its connection test that nobody is there', async () => {
    pair = await pairOf('okta');
    const { port } = new URL(pair.baseUrl);
    const elsewhere = createSimulator('okta', {
      baseUrl: `http://127.0.0.1:${port}/nothing/here`,
      token,
      wait: () => Promise.resolve(),
    });
    // Okta takes 404 for "none there"; Entra does not.
    await elsewhere.testConnection();
    elsewhere.close();
    const strict = createSimulator('entra', { baseUrl: `http://127.0.0.1:${port}/nothing/here`, token });
    const failure = await strict.testConnection().then(
      () => null,
      (error: unknown) => error,
    );
    strict.close();
    expect(failure).to.be.instanceOf(Refused);
  });

  it('refuses an answer of a type that the provider does not read', async () => {
    pair = await pairOf('entra', {}, { answersWith: { type: 'text/html' } });
    const { problems } = await pair.simulator.apply([hire(ada)]);
    expect(problems[0]?.message).to.equal(
      'GET /scim/v2/acme/Users: the answer is text/html, wanted application/scim+json',
    );
  });

  it('fails as Okta does when 201 comes without a user', async () => {
    pair = await pairOf('okta', {}, { answersWith: { emptyCreated: true } });
    const { problems } = await pair.simulator.apply([hire(ada)]);
    expect(problems).to.deep.equal([{ task: 'hire ada', message: 'POST /Users: the answer names no id', status: 201 }]);
  });

  it('creates anew what Entra finds gone under a known id', async () => {
    pair = await pairOf('entra', { people: 0, groups: 0 });
    await pair.simulator.apply([hire(ada)]);
    pair.server.resources.delete('Users', 'u-1');
    await pair.simulator.apply([{ kind: 'profile', person: adaMarried }]);
    expect(pair.simulator.expected().users[0]?.id).to.equal('u-2');
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('deactivates the test user of JumpCloud when it cannot be deleted', async () => {
    const fate = ({ method, path }: { method: string; path: string }): Fate | undefined =>
      method === 'DELETE' && path.startsWith('/Users') ? { kind: 'answer', status: 405 } : undefined;
    pair = await pairOf('jumpcloud', { people: 0, groups: 0 }, { fate });
    await pair.simulator.testConnection();
    expect(pair.server.resources.get('Users', 'u-1').attributes.active).to.equal(false);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('sends the parts of a large membership of Entra at once, and none is lost', async () => {
    pair = await pairOf('entra', { people: 95, groups: 1, settings: { membersPerRequest: 10 }, concurrency: 8 });
    await pair.simulator.assign();
    expect(pair.server.requests.filter((line) => line.startsWith('PATCH /Groups/'))).to.have.length(10);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('never deletes at Okta, and not at Entra who was only unassigned', async () => {
    for (const dialect of ['okta', 'entra'] as const) {
      pair = await pairOf(dialect, { people: 0, groups: 0 });
      await pair.simulator.apply([hire(ada)]);
      await pair.simulator.apply([{ kind: 'deactivate', person: 'ada', because: 'unassigned' }]);
      await pair.simulator.apply([{ kind: 'delete', person: 'ada' }]);
      expect(pair.server.requests.filter((line) => line.startsWith('DELETE'))).to.deep.equal([]);
      expect(await pair.simulator.compare()).to.deep.equal([]);
      await pair.close();
    }
  });

  it('brings a rehire of Rippling back under a new id and into its groups', async () => {
    pair = await pairOf('rippling', { people: 0, groups: 0, settings: { termination: 'delete' } });
    await pair.simulator.apply([hire(ada), hire(olga), vpn]);
    await pair.simulator.apply([{ kind: 'deactivate', person: 'ada', because: 'left' }]);
    await pair.simulator.apply([{ kind: 'reactivate', person: 'ada' }]);
    const { users, groups, gone } = pair.simulator.expected();
    expect(users.find(({ key }) => key === 'ada')?.id).to.equal('u-4');
    expect(gone.users).to.deep.equal(['u-1']);
    expect([...(groups[0]?.members ?? [])].sort()).to.deep.equal(['ada', 'olga']);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('leaves people whom Okta does not assign out of a PUT of a group, and puts them back', async () => {
    pair = await pairOf('okta', { people: 0, groups: 0, settings: { style: 'aiw' } });
    await pair.simulator.apply([hire(ada), hire(olga), hire(linus), vpn]);
    await pair.simulator.apply([{ kind: 'deactivate', person: 'ada', because: 'unassigned' }]);
    await pair.simulator.apply([{ kind: 'members', group: 'vpn', add: ['linus'], remove: [] }]);
    expect(pair.simulator.expected().groups[0]?.members).to.deep.equal(['olga', 'linus']);
    expect(await pair.simulator.compare()).to.deep.equal([]);
    await pair.simulator.apply([{ kind: 'reactivate', person: 'ada' }]);
    expect(pair.simulator.expected().groups[0]?.members).to.deep.equal(['ada', 'olga', 'linus']);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('goes on in another process from what it saved', async () => {
    pair = await pairOf('okta', { seed: 4 });
    await pair.simulator.assign();
    await pair.simulator.runDay();
    const state = JSON.parse(JSON.stringify(pair.simulator.savedState())) as SimulatorState;
    const next = createSimulator('okta', { baseUrl: pair.baseUrl, token, seed: 4, people: 30, groups: 4, state });
    expect(next.daysDone).to.equal(1);
    expect(await next.compare()).to.deep.equal([]);
    expect((await next.runWeek()).problems).to.deep.equal([]);
    expect(next.daysDone).to.equal(5);
    expect(await next.compare()).to.deep.equal([]);
    next.close();
  });

  it('refuses a state of another dialect or size', async () => {
    pair = await pairOf('okta');
    const state = pair.simulator.savedState();
    const options = { baseUrl: pair.baseUrl, token, people: 30, groups: 4, state };
    expect(() => createSimulator('entra', options)).to.throw(RangeError, 'The state is of okta');
    expect(() => createSimulator('okta', { ...options, people: 31 })).to.throw(RangeError, '30 people');
  });

  it('has nothing to do without people', async () => {
    pair = await pairOf('onelogin', { people: 0, groups: 0 });
    expect((await pair.simulator.assign()).requests).to.equal(0);
    expect((await pair.simulator.runWeek()).requests).to.equal(0);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });
});
