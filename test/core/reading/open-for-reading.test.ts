import { isRollcallError } from '@rollcall/core';
import { expect } from 'chai';
import { openForReading, type ReadingDoor } from '#core/open-for-reading.js';
import { HR_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const QUESTIONS: Readonly<Record<string, (door: ReadingDoor) => Promise<unknown>>> = {
  users: (door) => door.users.list({ limit: 2 }),
  user: (door) => door.users.show('hr:E1003'),
  'a user of then': (door) => door.users.show('hr:E1001', '2026-03-09T12:00:00Z'),
  groups: (door) => door.groups.list(),
  group: (door) => door.groups.show('vpn'),
  'an explanation': (door) => door.explain('hr:E1003', { attribute: 'active' }),
  'an explanation of then': (door) => door.explain('hr:E1001', { at: '2026-03-09T12:00:00Z' }),
  history: (door) => door.history('hr:E1001'),
  conflicts: (door) => door.conflicts({ all: true }),
  reviews: (door) => door.reviews({ all: true }),
  findings: (door) => door.findings({ all: true }),
  quarantine: (door) => door.quarantine(),
  events: (door) => door.events({ limit: 5 }),
  overrides: (door) => door.overrides.list({ all: true }),
  directories: (door) => door.directories.list(),
};

onBothStores('a store open for reading alone', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
  });

  afterEach(() => project.remove());

  const open = () => openForReading({ store: project.store.configuration, clock: { now: () => new Date(NEXT_DAY) } });

  it('answers what the whole door answers', async () => {
    await project.settle();
    await project.hr('2026-03-10', [...HR_ROWS.slice(1), 'E1001;Ada;King;ada@acme.example;Sales;Active;2020-01-06;']);
    await project.sync(NEXT_DAY);
    await using reading = await open();
    const door = await reading.tenant('acme');
    await project.at(NEXT_DAY, async (whole) => {
      for (const [name, ask] of Object.entries(QUESTIONS))
        expect(await ask(door), name).to.deep.equal(await ask(whole));
    });
  });

  it('knows nobody before apply', async () => {
    await using reading = await open();
    try {
      await reading.tenant('acme');
      expect.fail('answered');
    } catch (error) {
      if (!isRollcallError(error)) throw error;
      expect([error.code, error.exitCode]).to.deep.equal(['RC_NOT_APPLIED', 78]);
    }
  });
});
