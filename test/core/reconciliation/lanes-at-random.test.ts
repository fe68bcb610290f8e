import { expect } from 'chai';
import { PersonnelProject } from '../../support/personnel-project.js';
import { onBothStores } from '../../support/stores.js';

/** Histories a store; more by environment for a longer look. */
const HISTORIES = Number(process.env.ROLLCALL_LANE_HISTORIES ?? 4);
const STEPS = 10;
const IDS = ['a', 'b', 'c', 'd', 'e'];

/** Numbers from 0 up to 1 that follow from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

onBothStores('lanes at random', (kind) => {
  for (let seed = 1; seed <= HISTORIES; seed++)
    it(`come to what the source says, whatever was lost, late or beside each other (seed ${String(seed)})`, async () => {
      const project = await PersonnelProject.create(kind);
      try {
        await live(project, randomOf(seed));
        // Quiet: nothing changes any more, and each tier has its turn.
        await project.readAll();
        await project.pass(5);
        await project.pass(5);
        const shown = (await project.users())
          .filter(({ active }) => active)
          .map(({ attributes }) => [attributes.userName, attributes.department]);
        const people = [...project.source.people.values()].map(({ login, team }) => [login, team]);
        expect(shown).to.have.deep.members(people);
        expect(await project.rows('wanted_read')).to.deep.equal([]);
      } finally {
        await project.close();
      }
    });
});

async function live(project: PersonnelProject, random: () => number): Promise<void> {
  const { source } = project;
  for (const id of IDS) source.put({ id });
  await project.pass(0);
  await project.pass(5);
  const running: Promise<unknown>[] = [];
  const change = (): void => {
    const id = IDS[Math.floor(random() * IDS.length)] ?? 'a';
    const options = { silently: random() < 0.3 };
    if (random() < 0.3) source.remove(id, options);
    else source.put({ id, team: `Team ${String(Math.floor(random() * 3))}` }, options);
  };
  // Every answer may be overtaken by a change, a notification and another read.
  source.held = async () => {
    if (random() < 0.4) change();
    if (random() < 0.2) await project.tell(IDS[Math.floor(random() * IDS.length)] ?? 'a');
    for (let turns = Math.floor(random() * 20); turns > 0; turns--) await new Promise(setImmediate);
  };
  for (let step = 0; step < STEPS; step++) {
    change();
    if (random() < 0.5) await project.tell(IDS[Math.floor(random() * IDS.length)] ?? 'a');
    if (random() < 0.4) running.push(...(await beginWhole(project)));
    running.push(project.pass(random() < 0.5 ? 5 : 1));
    if (random() < 0.5) await Promise.all(running);
  }
  await Promise.all(running);
  source.held = () => Promise.resolve();
}

/** Begins a whole read and answers when it asks its source, or is over: the test's clock must not move in between. */
async function beginWhole(project: PersonnelProject): Promise<Promise<unknown>[]> {
  const asked = project.source.countOf('/cursor');
  const state = { isOver: false };
  const whole = project.readAll().finally(() => {
    state.isOver = true;
  });
  while (!state.isOver && project.source.countOf('/cursor') === asked) await new Promise(setImmediate);
  return [whole];
}
