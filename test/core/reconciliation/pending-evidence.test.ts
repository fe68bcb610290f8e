import type { TenantDoor } from '@rollcall/core';
import { expect } from 'chai';
import { HR_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const CAROL = 'E1009;Carol;Shaw;carol@agency.example;Games;Active;2026-03-01;';
const LEFT = CAROL.replace('Active', 'Terminated');
const LATER = '2026-03-11T08:00:00Z';

onBothStores('evidence that plan left pending, when a person decides', (kind) => {
  let project: TestProject;
  let review = '';

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.settle();
    await project.hr('2026-03-10', [...HR_ROWS, CAROL]);
    await project.sync(NEXT_DAY);
    await project.at(NEXT_DAY, async (door) => {
      review = (await door.reviews()).items[0]?.id ?? '';
    });
  });

  afterEach(() => project.remove());

  async function planDeparture(rows = [...HR_ROWS, LEFT]): Promise<void> {
    await project.hr('2026-03-11', rows);
    expect((await project.plan(LATER)).exitCode).to.equal(0);
  }

  async function status(door: TenantDoor): Promise<[boolean, unknown]> {
    const user = await door.users.show('hr:E1009');
    return [user.active, user.inactive?.reason ?? null];
  }

  /** The directory's own run takes it, and counts it. */
  async function syncTakes(expected: Record<string, number>): Promise<void> {
    const { runs } = await project.sync(LATER);
    expect(runs[0]).to.deep.include({ directory: 'hr', pending: 0 });
    expect(runs[0]?.changes.users).to.include(expected);
  }

  it('stays pending at review undo', async () => {
    await project.at(NEXT_DAY, (door) => door.reviewDecide(review, 'approve', 'hired', 'ops'));
    await planDeparture();
    await project.at(LATER, async (door) => {
      const { runs } = await door.reviewUndo(review, 'two Carols', 'ops');
      expect(runs[0]?.changes.users).to.include({ deactivated: 0, reactivated: 1 });
      expect(await status(door)).to.deep.equal([true, null]);
    });
    await syncTakes({ deactivated: 1 });
    await project.at(LATER, async (door) => {
      expect(await status(door)).to.deep.equal([false, 'terminated']);
    });
  });

  it('stays pending at review approve, which merges as things were drawn', async () => {
    await planDeparture();
    await project.at(LATER, async (door) => {
      const { runs } = await door.reviewDecide(review, 'approve', 'hired', 'ops');
      expect(runs[0]?.changes.users).to.include({ deactivated: 0, merged: 1 });
      expect(await status(door)).to.deep.equal([true, null]);
    });
    await syncTakes({ deactivated: 1 });
  });

  it('stays pending at override set', async () => {
    await planDeparture();
    await project.at(LATER, async (door) => {
      const options = { reason: 'moved', until: '2026-04-01T00:00:00Z', by: 'ops' };
      await door.overrides.set('hr:E1009', 'department', 'Toys', options);
      expect(await status(door)).to.deep.equal([true, null]);
    });
    await syncTakes({ deactivated: 1 });
  });

  it('keeps a departure pending, too', async () => {
    await project.at(NEXT_DAY, (door) => door.reviewDecide(review, 'approve', 'hired', 'ops'));
    await planDeparture([...HR_ROWS]);
    await project.at(LATER, async (door) => {
      await door.reviewUndo(review, 'two Carols', 'ops');
      expect(await status(door)).to.deep.equal([true, null]);
    });
    await syncTakes({ deactivated: 1 });
    await project.at(LATER, async (door) => {
      expect(await status(door)).to.deep.equal([false, 'absent']);
    });
  });
});
