import type { TenantDoor } from '@rollcall/core';
import { expect } from 'chai';
import { HR_ROWS, IT_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const CAROL = 'E1009;Carol;Shaw;carol@agency.example;Games;Active;2026-03-01;';
const UNTIL = '2026-04-01T00:00:00Z';
const LATER = '2026-03-12T08:00:00Z';

onBothStores('an override of somebody who is merged away', (kind) => {
  let project: TestProject;
  /** Who had IT's record and survives, and who had HR's. */
  let [old, young] = ['', ''];

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.settle();
    await project.hr('2026-03-10', [...HR_ROWS, CAROL]);
    await project.sync(NEXT_DAY);
    await project.at(NEXT_DAY, async (door) => {
      old = (await door.users.show('it:9009')).id;
      young = (await door.users.show('hr:E1009')).id;
    });
  });

  afterEach(() => project.remove());

  const set = (door: TenantDoor, user: string, attribute: string, value: string): Promise<unknown> =>
    door.overrides.set(user, attribute, value, { reason: 'she asked', until: UNTIL, by: 'ops' });

  async function merge(door: TenantDoor): Promise<string> {
    const id = (await door.reviews()).items[0]?.id ?? '';
    await door.reviewDecide(id, 'approve', 'the contractor was hired', 'ops');
    return id;
  }

  const titleOf = async (door: TenantDoor, user: string): Promise<unknown> =>
    (await door.users.show(user)).attributes.title ?? null;

  it('goes on for the survivor, also in later runs, and is listed with them', async () => {
    await project.at(NEXT_DAY, async (door) => {
      await set(door, young, 'title', 'Pilot');
      await merge(door);
      expect(await titleOf(door, old)).to.equal('Pilot');
      expect((await door.overrides.list()).items.map(({ user, value }) => [user, value])).to.deep.equal([
        [old, 'Pilot'],
      ]);
    });
    await project.hr('2026-03-11', [...HR_ROWS, CAROL.replace('Games', 'Toys')]);
    await project.sync('2026-03-11T08:00:00Z');
    await project.at('2026-03-11T08:00:00Z', async (door) => {
      expect((await door.users.show(old)).attributes).to.include({ title: 'Pilot', department: 'Toys' });
    });
    await project.sync(UNTIL);
    await project.at(UNTIL, async (door) => expect(await titleOf(door, old)).to.equal(null));
  });

  it('stands behind what was set for the survivor', async () => {
    await project.at(NEXT_DAY, async (door) => {
      await set(door, young, 'title', 'Pilot');
      await set(door, old, 'title', 'Captain');
      await merge(door);
      expect(await titleOf(door, old)).to.equal('Captain');
    });
  });

  it('is replaced and cleared by the name of the survivor', async () => {
    await project.at(NEXT_DAY, async (door) => {
      await set(door, young, 'title', 'Pilot');
      await merge(door);
      await set(door, old, 'title', 'Captain');
      expect((await door.overrides.list()).items.map(({ value }) => value)).to.deep.equal(['Captain']);
      await door.overrides.clear({ who: old, attribute: 'title' }, 'ops');
      expect(await titleOf(door, old)).to.equal(null);
    });
  });

  it('is cleared by its own id, too', async () => {
    await project.at(NEXT_DAY, async (door) => {
      await set(door, young, 'title', 'Pilot');
      await merge(door);
      const id = (await door.overrides.list()).items[0]?.id ?? '';
      const { item } = await door.overrides.clear({ id }, 'ops');
      expect(item).to.include({ id, user: old });
      expect(await titleOf(door, old)).to.equal(null);
    });
  });

  it('returns with its person when the merge is taken back', async () => {
    let review = '';
    await project.at(NEXT_DAY, async (door) => {
      await set(door, young, 'title', 'Pilot');
      review = await merge(door);
    });
    await project.at(LATER, async (door) => {
      await door.reviewUndo(review, 'two Carols', 'ops');
      expect([await titleOf(door, old), await titleOf(door, young)]).to.deep.equal([null, 'Pilot']);
    });
  });

  it('is set and cleared for the survivor, too, by the id of who was merged away', async () => {
    await project.at(NEXT_DAY, async (door) => {
      await merge(door);
      await set(door, young, 'title', 'Late');
      expect(await titleOf(door, old)).to.equal('Late');
      await door.overrides.clear({ who: young, attribute: 'title' }, 'ops');
      expect(await titleOf(door, old)).to.equal(null);
    });
    expect((await project.sync('2026-03-11T08:00:00Z')).due.users).to.equal(0);
  });

  it('ends with the survivor’s own where that is cleared', async () => {
    await project.at(NEXT_DAY, async (door) => {
      await set(door, young, 'title', 'Pilot');
      await set(door, old, 'title', 'Captain');
      await merge(door);
      await door.overrides.clear({ who: old, attribute: 'title' }, 'ops');
      expect(await titleOf(door, old)).to.equal(null);
      expect((await door.overrides.list()).items).to.deep.equal([]);
    });
  });

  it('is named by explain, now and as of then', async () => {
    await project.at(NEXT_DAY, async (door) => {
      await set(door, young, 'title', 'Pilot');
      await merge(door);
    });
    await project.at(LATER, async (door) => {
      for (const at of [undefined, NEXT_DAY]) {
        const { attributes } = await door.explain(old, { attribute: 'title', ...(at === undefined ? {} : { at }) });
        const { title } = attributes as Partial<Record<string, { override: unknown }>>;
        expect(title?.override, String(at)).to.include({ value: 'Pilot', reason: 'she asked', setBy: 'ops' });
      }
    });
  });

  describe('in a chain of merges', () => {
    /** HR's Grace is the oldest: into her the survivor is merged, too. */
    let grace = '';
    let second = '';
    const GRACE = 'E1002;Grace;Hopper;grace@acme.example;Research;Future;2026-03-16;';
    const DAY = '2026-03-11T08:00:00Z';

    async function mergeTwice(): Promise<void> {
      await project.at(NEXT_DAY, async (door) => {
        grace = (await door.users.show('hr:E1002')).id;
        await merge(door);
      });
      const [ada = '', , alan = ''] = HR_ROWS;
      await project.hr('2026-03-11', [ada, GRACE, alan, CAROL]);
      const [one = '', two = ''] = IT_ROWS;
      await project.it('2026-03-11', [one, two, '9009,,carol,grace@acme.example,true,,vpn']);
      await project.sync(DAY);
      await project.at(DAY, async (door) => (second = await merge(door)));
    }

    it('goes back with the step that is taken back', async () => {
      await project.at(NEXT_DAY, (door) => set(door, young, 'title', 'Pilot'));
      await mergeTwice();
      await project.at(LATER, async (door) => {
        expect(await titleOf(door, grace)).to.equal('Pilot');
        await door.reviewUndo(second, 'two people', 'ops');
        expect([await titleOf(door, grace), await titleOf(door, old)]).to.deep.equal([null, 'Pilot']);
      });
    });

    it('leaves the same one in force, whatever changes later', async () => {
      await project.at(NEXT_DAY, async (door) => {
        await set(door, young, 'title', 'Pilot');
        await set(door, old, 'title', 'Captain');
      });
      await mergeTwice();
      await project.at(DAY, async (door) => expect(await titleOf(door, grace)).to.equal('Captain'));
      const [ada = '', , alan = ''] = HR_ROWS;
      await project.hr('2026-03-13', [ada, GRACE.replace('Research', 'Rockets'), alan, CAROL]);
      await project.sync('2026-03-13T08:00:00Z');
      await project.at('2026-03-13T08:00:00Z', async (door) => expect(await titleOf(door, grace)).to.equal('Captain'));
    });
  });
});
