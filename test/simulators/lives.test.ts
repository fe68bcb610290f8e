import { expect } from 'chai';
import {
  createSimulator,
  dialectNames,
  type DialectName,
  type ExpectedState,
  type Simulator,
  type SimulatorOptions,
} from '#simulators/index.js';
import { ServiceProvider, token, type Fate, type ServiceProviderOptions } from './support/service-provider.js';

const faults = { duplicates: 0.05, drops: 0.05, shuffle: true };

/** Every dialect and style that the package knows. */
const lives: readonly {
  name: string;
  dialect: DialectName;
  settings?: SimulatorOptions['settings'];
  query?: string;
  server?: ServiceProviderOptions;
}[] = [
  { name: 'Okta, OIN application', dialect: 'okta' },
  { name: 'Okta, AIW application', dialect: 'okta', settings: { style: 'aiw' } },
  {
    name: 'Okta, AIW application, extended profile',
    dialect: 'okta',
    settings: { style: 'aiw', profile: 'extended', authorization: 'bearer' },
  },
  { name: 'Okta, OIN application, extended profile', dialect: 'okta', settings: { profile: 'extended' } },
  { name: 'Entra ID', dialect: 'entra' },
  {
    name: 'Entra ID, manager as reference',
    dialect: 'entra',
    settings: { manager: 'reference', externalId: 'objectId' },
  },
  { name: 'Entra ID, aadOptscim062020', dialect: 'entra', query: '?aadOptscim062020' },
  { name: 'JumpCloud', dialect: 'jumpcloud' },
  { name: 'JumpCloud, minimal PUT', dialect: 'jumpcloud', settings: { put: 'minimal' }, server: { putKeeps: true } },
  {
    name: 'JumpCloud, PATCH for status, PUT for groups',
    dialect: 'jumpcloud',
    settings: { status: 'patch', groups: 'put', removal: 'deactivate' },
  },
  { name: 'OneLogin', dialect: 'onelogin' },
  { name: 'OneLogin, 1.1 connector', dialect: 'onelogin', settings: { connector: '1.1', deletion: 'suspend' } },
  {
    name: 'OneLogin, recommended template',
    dialect: 'onelogin',
    settings: { template: 'recommended', deletion: 'nothing' },
  },
  { name: 'Rippling', dialect: 'rippling' },
  {
    name: 'Rippling, PUT, DELETE at termination',
    dialect: 'rippling',
    settings: { users: 'put', groups: 'put', termination: 'delete' },
  },
  { name: 'Rippling, PATCH, DELETE at termination', dialect: 'rippling', settings: { termination: 'delete' } },
];

describe('simulators: whole lives', () => {
  let server: ServiceProvider;
  let simulator: Simulator | undefined;

  afterEach(async () => {
    simulator?.close();
    await server.stop();
  });

  for (const life of lives) {
    it(`${life.name}: after an assignment and a week with faults the server stands as the provider believes`, async () => {
      server = new ServiceProvider(life.server);
      const baseUrl = `${await server.start()}${life.query ?? ''}`;
      simulator = createSimulator(life.dialect, {
        baseUrl,
        token,
        seed: 7,
        people: 60,
        groups: 6,
        concurrency: 8,
        faults,
        wait: () => Promise.resolve(),
        ...(life.settings === undefined ? {} : { settings: life.settings }),
      });
      await simulator.testConnection();
      const assigned = await simulator.assign();
      expect(assigned.problems).to.deep.equal([]);
      expect(await simulator.compare()).to.deep.equal([]);
      const week = await simulator.runWeek();
      expect(week.problems).to.deep.equal([]);
      expect(await simulator.compare()).to.deep.equal([]);
      const { drops, duplicates } = simulator.counters;
      expect(drops).to.be.greaterThan(0);
      expect(duplicates).to.be.greaterThan(0);
    });
  }

  for (const dialect of dialectNames)
    it(`${dialect}: 300 people and 20 groups at a server that limits, fails and hangs up`, async () => {
      server = new ServiceProvider({ fate: trouble });
      simulator = createSimulator(dialect, {
        baseUrl: await server.start(),
        token,
        seed: 21,
        people: 300,
        groups: 20,
        concurrency: 16,
        faults: { shuffle: true },
        wait: () => Promise.resolve(),
      });
      await simulator.testConnection();
      expect((await simulator.assign()).problems).to.deep.equal([]);
      expect((await simulator.runWeek()).problems).to.deep.equal([]);
      expect(await simulator.compare()).to.deep.equal([]);
      expect(simulator.counters.rateLimited).to.be.greaterThan(10);
      expect(simulator.counters.retries).to.be.greaterThan(simulator.counters.rateLimited);
    });

  for (const dialect of dialectNames)
    it(`${dialect}: ends the same in order and in any order that is free`, async () => {
      const ends: unknown[] = [];
      for (const shuffle of [false, true]) {
        server = new ServiceProvider();
        const baseUrl = await server.start();
        const concurrency = shuffle ? 12 : 1;
        simulator = createSimulator(dialect, {
          baseUrl,
          token,
          seed: 5,
          people: 40,
          groups: 5,
          concurrency,
          faults: { shuffle },
        });
        await simulator.assign();
        await simulator.runWeek();
        expect(await simulator.compare()).to.deep.equal([]);
        ends.push(withoutIds(simulator.expected()));
        simulator.close();
        await server.stop();
      }
      expect(ends[1]).to.deep.equal(ends[0]);
    });
});

/** The expected state with keys for the ids that the server gave, in the order of the keys. */
function withoutIds({ users, groups, gone }: ExpectedState): unknown {
  const keyById = new Map([...users, ...groups].map(({ id, key }) => [id, key]));
  const renamed = JSON.stringify({
    users: [...users].sort(byKey),
    groups: groups.map((group) => ({ ...group, members: [...group.members].sort() })).sort(byKey),
    gone: [gone.users.length, gone.groups.length],
  });
  return JSON.parse(
    renamed.replaceAll(/"([ug]-\d+)"/g, (whole, id: string) => JSON.stringify(keyById.get(id) ?? whole)),
  ) as unknown;
}

function byKey(one: { readonly key: string }, other: { readonly key: string }): number {
  return one.key < other.key ? -1 : 1;
}

/** Every 17th request is one too many, others fail or break off, before or after the work. */
function trouble({ no }: { readonly no: number }): Fate | undefined {
  if (no % 17 === 0) return { kind: 'answer', status: 429, headers: { 'Retry-After': '1' } };
  if (no % 29 === 0) return { kind: 'answer', status: 503 };
  if (no % 23 === 0) return { kind: 'drop after' };
  return no % 31 === 0 ? { kind: 'drop before' } : undefined;
}
