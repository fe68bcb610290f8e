import { expect } from 'chai';
import { createSimulator, dialectNames, type DialectName, type Simulator } from '@rollcall/simulators';
import { onBothStores } from '../support/stores.js';
import { ScimService } from './scim-service.js';

/** The size of a run: 5,000 and 200 by `npm run simulate:scim`. */
const people = Number(process.env.ROLLCALL_SIMULATED_PEOPLE ?? 300);
const groups = Number(process.env.ROLLCALL_SIMULATED_GROUPS ?? 20);
const FAULTS = { duplicates: 0.05, drops: 0.05, shuffle: true };
const DAY_MS = 86_400_000;

onBothStores('server: the five providers live through a week', (kind) => {
  let service: ScimService;
  let simulator: Simulator | undefined;

  beforeEach(async () => {
    service = await ScimService.open(kind);
  });

  afterEach(async () => {
    simulator?.close();
    await service.close();
  });

  for (const dialect of dialectNames)
    it(`${dialect}: directory and population stand as the provider believes, with retries and duplicates`, async function () {
      this.timeout(1_200_000);
      simulator = await connected(dialect, service);
      await simulator.testConnection();
      expect((await simulator.assign()).problems).to.deep.equal([]);
      await demandSame(simulator, service);
      while (simulator.daysDone < simulator.week.length) {
        service.project.now = new Date(service.project.now.getTime() + DAY_MS);
        expect((await simulator.runDay()).problems).to.deep.equal([]);
      }
      await demandSame(simulator, service);
      const { drops, duplicates } = simulator.counters;
      expect(drops + duplicates).to.be.greaterThan(0);
    });
});

function connected(dialect: DialectName, service: ScimService): Promise<Simulator> {
  return Promise.resolve(
    createSimulator(dialect, {
      baseUrl: service.base,
      token: service.token,
      seed: 7,
      people,
      groups,
      concurrency: 8,
      faults: FAULTS,
      wait: () => Promise.resolve(),
    }),
  );
}

/** The provider reads everything back; then the population is held against what it believes. */
async function demandSame(simulator: Simulator, { project }: ScimService): Promise<void> {
  expect(await simulator.compare()).to.deep.equal([]);
  await project.rollcall.pushes.settle();
  const expected = simulator.expected();
  const users = await project.users();
  const present = users.filter((user) => user.records.some((record) => record.present));
  expect(sorted(present.filter(({ active }) => active).map(({ attributes }) => attributes.userName))).to.deep.equal(
    sorted(expected.users.filter(isActive).map(({ userName }) => userName)),
  );
  const nameOf = new Map(expected.users.map(({ key, userName }) => [key, userName]));
  expect(
    sorted(
      users.flatMap((user) => user.groups.map((group) => `${group.displayName}: ${text(user.attributes.userName)}`)),
    ),
  ).to.deep.equal(
    sorted(
      expected.groups.flatMap(({ attributes, members }) =>
        members.map((key) => `${text(attributes.displayName)}: ${nameOf.get(key) ?? key}`),
      ),
    ),
  );
  const { items } = await (await project.tenant()).reviews({});
  expect(items).to.deep.equal([]);
}

/** Providers say it in several ways; a user without it is active. */
function isActive({ attributes }: { attributes: Readonly<Record<string, unknown>> }): boolean {
  return text(attributes.active ?? true).toLowerCase() === 'true';
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const sorted = (values: readonly unknown[]): string[] => values.map(text).sort();
