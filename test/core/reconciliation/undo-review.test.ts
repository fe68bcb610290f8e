import { isRollcallError, type TenantDoor } from '@rollcall/core';
import { expect } from 'chai';
import { HR_ROWS, IT_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const CAROL = 'E1009;Carol;Shaw;carol@agency.example;Games;Active;2026-03-01;';
const LATER = '2026-03-11T08:00:00Z';

onBothStores('an approved merge that is taken back', (kind) => {
  let project: TestProject;
  /** Who had IT's record, and who had HR's. */
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

  async function merge(door: TenantDoor): Promise<string> {
    const [review] = (await door.reviews()).items;
    const id = review?.id ?? '';
    await door.reviewDecide(id, 'approve', 'the contractor was hired', 'ops');
    expect((await door.users.show('hr:E1009')).id).to.equal(old);
    return id;
  }

  async function refusal(undo: Promise<unknown>): Promise<string> {
    try {
      await undo;
      return 'none';
    } catch (error) {
      return isRollcallError(error) ? `${error.code} ${error.exitCode} ${error.message}` : String(error);
    }
  }

  it('gives both their own id, records, values and groups back', async () => {
    await project.at(NEXT_DAY, async (door) => {
      const before = [await door.users.show(old), await door.users.show(young)];
      const id = await merge(door);
      const { item, runs } = await door.reviewUndo(id, 'two Carols, one mailbox', 'ops');
      expect(item).to.include({ status: 'undone', undoneBy: 'ops', undoReason: 'two Carols, one mailbox' });
      expect(runs.map(({ trigger, outcome }) => [trigger, outcome])).to.deep.equal([['override', 'finished']]);
      expect(runs[0]?.changes.users).to.include({ created: 0, reactivated: 1, merged: 0 });
      const after = [await door.users.show(old), await door.users.show(young)];
      const told = (users: typeof after) =>
        users.map(({ id: user, active, inactive, mergedInto, attributes, groups, records }) => ({
          ...{ user, active, inactive, mergedInto, attributes, groups },
          records: records.map(({ sourceId, link }) => [sourceId, link.how, link.rule]),
        }));
      expect(told(after)).to.deep.equal(told(before));
    });
  });

  it('leaves a history that names the review and its run, and an event', async () => {
    await project.at(NEXT_DAY, async (door) => {
      const { item, runs } = await door.reviewUndo(await merge(door), 'two Carols', 'ops');
      const changes = (await door.history(young)).items.filter(({ attribute }) => attribute === 'active');
      expect(changes.map(({ kind: change }) => change)).to.deep.equal([
        'user.created',
        'user.merged',
        'user.reactivated',
      ]);
      expect(changes.at(-1)?.cause).to.include({ runId: runs[0]?.runId, trigger: 'override', review: item.id });
      const events = (await door.events({ limit: 500, type: 'review.decided' })).items;
      expect(events.map(({ data }) => (data as { status?: string }).status)).to.deep.equal(['approved', 'undone']);
    });
  });

  it('still shows who approved the merge, when and why', async () => {
    let id = '';
    await project.at(NEXT_DAY, async (door) => {
      id = await merge(door);
    });
    await project.at(LATER, async (door) => {
      const { item } = await door.reviewUndo(id, 'two Carols', 'boss');
      expect(item).to.include({
        ...{
          status: 'undone',
          decidedBy: 'ops',
          decidedAt: '2026-03-10T08:00:00Z',
          reason: 'the contractor was hired',
        },
        ...{ undoneBy: 'boss', undoneAt: LATER, undoReason: 'two Carols' },
      });
      expect(item.detail).not.to.have.property('undone');
      expect((await door.reviews({ all: true })).items.find((review) => review.id === id)).to.deep.equal(item);
      const events = (await door.events({ limit: 500, type: 'review.decided' })).items;
      expect(events.at(-1)?.data).to.deep.equal(item);
    });
  });

  it('sends who joined since by a sure key to the one whose key it is', async () => {
    let id = '';
    await project.at(NEXT_DAY, async (door) => {
      id = await merge(door);
    });
    const account = '9010,E1009,carol2,carol2@acme.example,true,Games,';
    await project.it('2026-03-11', [...IT_ROWS, account]);
    await project.sync(LATER);
    await project.at(LATER, async (door) => {
      expect((await door.users.show('it:9010')).id).to.equal(old);
      await door.reviewUndo(id, 'two Carols', 'ops');
      const { id: owner, records } = await door.users.show('it:9010');
      expect(owner).to.equal(young);
      const links = records.map(({ sourceId, link }) => [sourceId, link.how, link.rule]);
      expect(links).to.have.deep.members([
        ['E1009', 'created', null],
        ['9010', 'sure', 'employee number'],
      ]);
      expect((await door.reviews()).items).to.deep.equal([]);
      expect((await door.users.show('it:9009')).id).to.equal(old);
    });
    await project.hr('2026-03-12', [...HR_ROWS, CAROL.replace('Active', 'Terminated')]);
    await project.sync('2026-03-12T08:00:00Z');
    await project.at('2026-03-12T08:00:00Z', async (door) => {
      expect((await door.users.show('it:9010')).inactive?.reason).to.equal('terminated');
      expect((await door.users.show('it:9009')).active).to.equal(true);
    });
  });

  it('asks whose it is, where who joined since shares a sure key with both', async () => {
    const rule = '- { name: login, on: userName, certainty: sure, sameDirectory: true }';
    await project.change('tenants/acme.yaml', '- { name: work e-mail', `${rule}\n    - { name: work e-mail`);
    await project.apply(NEXT_DAY);
    let id = '';
    await project.at(NEXT_DAY, async (door) => {
      id = await merge(door);
    });
    await project.it('2026-03-11', [...IT_ROWS, '9010,E1009,carol,carol2@acme.example,true,Games,']);
    await project.sync(LATER);
    await project.at(LATER, async (door) => {
      await door.reviewUndo(id, 'two Carols', 'ops');
      const { id: owner, records } = await door.users.show('it:9010');
      const link = records.find(({ sourceId }) => sourceId === '9010')?.link;
      expect([owner, link?.how]).to.deep.equal([old, 'sticky']);
      const open = (await door.reviews()).items;
      expect(open.map(({ kind: about }) => about)).to.deep.equal(['keyChanged']);
      await door.reviewDecide(open[0]?.id ?? '', 'reject', 'it is the other Carol', 'ops');
      expect((await door.users.show('it:9010')).id).to.equal(young);
      expect((await door.reviews()).items).to.deep.equal([]);
    });
  });

  it('keeps the two apart from then on, and asks nobody again', async () => {
    await project.at(NEXT_DAY, async (door) => {
      await door.reviewUndo(await merge(door), 'two Carols', 'ops');
      const again = await door.sync({ full: true });
      expect(again.runs.map(({ events }) => events)).to.deep.equal([null, null]);
      expect((await door.reviews()).items).to.deep.equal([]);
    });
    await project.hr('2026-03-11', [...HR_ROWS, CAROL.replace('Games', 'Toys')]);
    await project.sync(LATER);
    await project.at(LATER, async (door) => {
      const [it, hr] = [await door.users.show('it:9009'), await door.users.show('hr:E1009')];
      expect([it.id, hr.id, hr.attributes.department]).to.deep.equal([old, young, 'Toys']);
      expect((await door.reviews()).items).to.deep.equal([]);
    });
  });

  it('changes nothing when it is undone already', async () => {
    await project.at(NEXT_DAY, async (door) => {
      const id = await merge(door);
      const first = await door.reviewUndo(id, 'two Carols', 'ops');
      const { next } = await door.events({ limit: 500 });
      const last = (await door.events({ limit: 500 })).items.length;
      const second = await door.reviewUndo(id, 'once more', 'somebody else');
      expect(second).to.deep.equal({ item: first.item, runs: [] });
      expect([(await door.events({ limit: 500 })).items.length, next]).to.deep.equal([last, next]);
    });
  });

  it('works long after, when the records have changed and one is gone', async () => {
    let id = '';
    await project.at(NEXT_DAY, async (door) => {
      id = await merge(door);
    });
    await project.hr('2026-03-11', [...HR_ROWS, CAROL.replace('Games', 'Toys')]);
    await project.it(
      '2026-03-11',
      IT_ROWS.filter((row) => !row.startsWith('9009')),
    );
    await project.sync(LATER);
    await project.at(LATER, async (door) => {
      expect((await door.reviewUndo(id, 'two Carols', 'ops')).runs[0]?.outcome).to.equal('finished');
      const [it, hr] = [await door.users.show(old), await door.users.show(young)];
      expect([it.active, it.inactive?.reason, it.records.length]).to.deep.equal([false, 'absent', 1]);
      expect([hr.active, hr.mergedInto, hr.attributes.department]).to.deep.equal([true, null, 'Toys']);
      expect((await door.users.show(old, '2026-03-10T12:00:00Z')).records.length).to.equal(2);
      expect((await door.users.show(young, '2026-03-10T12:00:00Z')).mergedInto).to.equal(old);
    });
  });

  it('refuses what joined nobody, and says what to do instead', async () => {
    await project.at(NEXT_DAY, async (door) => {
      const [review] = (await door.reviews()).items;
      const id = review?.id ?? '';
      expect(await refusal(door.reviewUndo('rev-none', 'x', 'ops'))).to.match(/^RC_REVIEW_NOT_FOUND 1 /);
      expect(await refusal(door.reviewUndo(id, 'x', 'ops'))).to.match(/^RC_REVIEW_NOT_REVERSIBLE 1 .*is open/);
      await door.reviewDecide(id, 'reject', 'two Carols', 'ops');
      expect(await refusal(door.reviewUndo(id, 'x', 'ops'))).to.match(/^RC_REVIEW_NOT_REVERSIBLE 1 .*is rejected/);
      expect((await door.users.show('hr:E1009')).id).to.equal(young);
    });
  });

  it('refuses while a later merge stands on it, and takes both back in the other order', async () => {
    let first = '';
    await project.at(NEXT_DAY, async (door) => {
      first = await merge(door);
    });
    await project.hr('2026-03-11', [...HR_ROWS, CAROL.replace('carol@agency.example', 'ada@acme.example')]);
    await project.sync(LATER);
    await project.at(LATER, async (door) => {
      const ada = (await door.users.show('hr:E1001')).id;
      const second = (await door.reviews()).items.find((review) => review.kind === 'correlation')?.id ?? '';
      await door.reviewDecide(second, 'approve', 'all the same', 'ops');
      expect((await door.users.show('hr:E1009')).id).to.equal(ada);
      expect(await refusal(door.reviewUndo(first, 'x', 'ops'))).to.match(/^RC_REVIEW_NOT_REVERSIBLE 1 .*again since/);
      await door.reviewUndo(second, 'Ada is nobody else', 'ops');
      expect((await door.users.show('hr:E1009')).id).to.equal(old);
      await door.reviewUndo(first, 'two Carols', 'ops');
      const ids = ['hr:E1001', 'it:9009', 'hr:E1009'].map(async (who) => (await door.users.show(who)).id);
      expect(await Promise.all(ids)).to.deep.equal([ada, old, young]);
    });
  });

  it('refuses reviews of other kinds', async () => {
    const dennis = 'E1003;Dennis;Ritchie;dennis@acme.example;Systems;Active;2026-03-10;';
    await project.hr('2026-03-11', [...HR_ROWS.slice(0, 2), dennis, CAROL]);
    await project.sync(LATER);
    await project.at(LATER, async (door) => {
      const reused = (await door.reviews()).items.find((review) => review.kind === 'identityReused');
      await door.reviewDecide(reused?.id ?? '', 'approve', 'married', 'ops');
      expect(await refusal(door.reviewUndo(reused?.id ?? '', 'x', 'ops'))).to.match(/of kind identityReused/);
    });
  });
});
