import { expect } from 'chai';
import { HR_ROWS, IT_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const [ADA = '', GRACE = ''] = HR_ROWS;

onBothStores('who a record belongs to', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.settle();
  });

  afterEach(() => project.remove());

  /** HR gives E1003, which was Alan's, to somebody else. */
  async function giveIdToDennis(): Promise<void> {
    await project.hr('2026-03-10', [ADA, GRACE, 'E1003;Dennis;Ritchie;dennis@acme.example;Systems;Active;2026-03-10;']);
  }

  it('asks a person when an id seems to have a new owner', async () => {
    const before = await project.at(NEXT_DAY, (door) => door.users.show('hr:E1003'));
    await giveIdToDennis();
    const sync = await project.sync(NEXT_DAY);
    expect([sync.exitCode, sync.runs[0]?.changes.users.reactivated]).to.deep.equal([0, 0]);
    await project.at(NEXT_DAY, async (door) => {
      const [review] = (await door.reviews()).items;
      expect(review?.kind).to.equal('identityReused');
      expect(review?.detail.changed).to.deep.equal(['name', 'email', 'hireDate']);
      const after = await door.users.show('hr:E1003');
      expect([after.active, after.attributes]).to.deep.equal([false, before.attributes]);
      expect((await door.sync({ full: true })).runs.map((run) => run.events)).to.deep.equal([null, null]);
    });
  });

  it('takes the new claims when it is the same person', async () => {
    await giveIdToDennis();
    await project.sync(NEXT_DAY);
    await project.at(NEXT_DAY, async (door) => {
      const before = await door.users.show('hr:E1003');
      const [review] = (await door.reviews()).items;
      await door.reviewDecide(review?.id ?? '', 'approve', 'married and rehired', 'ops');
      const after = await door.users.show('hr:E1003');
      expect(after.id).to.equal(before.id);
      expect(after.attributes.name).to.deep.equal({ givenName: 'Dennis', familyName: 'Ritchie' });
      expect((await door.reviews()).items).to.deep.equal([]);
    });
  });

  it('makes a new person when it is not the same, and never lets them share an id', async () => {
    await project.it('2026-03-10', [IT_ROWS[0] ?? '', IT_ROWS[2] ?? '']);
    await giveIdToDennis();
    await project.sync(NEXT_DAY);
    await project.at(NEXT_DAY, async (door) => {
      const alan = await door.users.show('it:9003');
      const [review] = (await door.reviews()).items;
      await door.reviewDecide(review?.id ?? '', 'reject', 'a new colleague got the number', 'ops');
      const still = await door.users.show(alan.id);
      expect(still.active).to.equal(false);
      expect(still.attributes.name).to.not.deep.equal({ givenName: 'Dennis', familyName: 'Ritchie' });
    });
  });

  it('merges two users when a person says so, redirects, and keeps both histories', async () => {
    await project.hr('2026-03-10', [...HR_ROWS, 'E1009;Carol;Shaw;carol@agency.example;Games;Active;2026-03-01;']);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.runs[0]?.changes.users.created).to.equal(1);
    await project.at(NEXT_DAY, async (door) => {
      const old = await door.users.show('it:9009');
      const young = await door.users.show('hr:E1009');
      const [review] = (await door.reviews()).items;
      expect(review?.kind).to.equal('correlation');
      expect(review?.counts).to.deep.equal({ users: 2 });
      expect(
        review?.sample.map(({ user, who }) => [user, who.sourceId, who.name]).sort(),
        'whoever decides must see about whom',
      ).to.deep.equal([
        [old.id, 'it:9009', old.attributes.userName],
        [young.id, 'hr:E1009', 'Carol Shaw'],
      ]);
      const { runs } = await door.reviewDecide(review?.id ?? '', 'approve', 'the contractor was hired', 'ops');
      expect(runs[0]?.changes.users.merged).to.equal(1);
      expect(runs[0]?.trigger).to.equal('override');
      const survivor = await door.users.show('hr:E1009');
      expect(survivor.id).to.equal(old.id);
      expect(survivor.records.map((record) => record.sourceId).sort()).to.deep.equal(['9009', 'E1009']);
      const loser = await door.users.show(young.id);
      expect([loser.mergedInto, loser.active, loser.inactive?.reason]).to.deep.equal([old.id, false, 'merged']);
    });
  });

  it('asks about the record whose number is now another person’s, by its own directory', async () => {
    await project.it(
      '2026-03-10',
      IT_ROWS.map((row) => row.replace(/^9001,E1001,/, '9001,E1003,')),
    );
    await project.sync(NEXT_DAY);
    await project.at(NEXT_DAY, async (door) => {
      const review = (await door.reviews()).items.find(({ kind }) => kind === 'keyChanged');
      expect([review?.directory, review?.counts]).to.deep.equal(['it', { users: 1 }]);
      expect(review?.sample.map(({ who }) => who.sourceId)).to.deep.equal(['hr:E1001', 'it:9001']);
    });
  });

  it('keeps two people apart when a person says so, whatever comes later', async () => {
    await project.hr('2026-03-10', [...HR_ROWS, 'E1009;Carol;Shaw;carol@agency.example;Games;Active;2026-03-01;']);
    await project.sync(NEXT_DAY);
    await project.at(NEXT_DAY, async (door) => {
      const [review] = (await door.reviews()).items;
      await door.reviewDecide(review?.id ?? '', 'reject', 'two Carols', 'ops');
      await door.sync({ full: true });
      expect((await door.reviews()).items).to.deep.equal([]);
      expect((await door.users.show('hr:E1009')).id).to.not.equal((await door.users.show('it:9009')).id);
    });
  });
});
