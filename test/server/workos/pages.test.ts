import { expect } from 'chai';
import type { Store } from '#core/store/store.js';
import { HR_ROWS, NEXT_DAY } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';
import { TestService } from '../support.js';
import { Consumer, type List } from './support.js';

const NEWCOMERS = Array.from(
  { length: 7 },
  (_, n) => `E200${n};Name${n};Family;n${n}@acme.example;Research;Active;2020-01-06;`,
);
const LATER = '2026-03-11T08:00:00Z';

onBothStores('server/workos: pages', (kind) => {
  let service: TestService;
  let consumer: Consumer;

  before(async () => {
    service = await TestService.open(kind);
    service.now = new Date(NEXT_DAY);
    await service.project.hr('2026-03-10', [...HR_ROWS, ...NEWCOMERS]);
    await (await service.rollcall.tenant('acme')).sync();
    consumer = new Consumer(service, await service.key());
  });
  after(() => service.close());

  const ids = ({ data }: List): string[] => data.map(({ id }) => id);
  const users = async (query: string): Promise<string[]> => ids(await consumer.list(`/directory_users?${query}`));

  it('has ten objects, the newest first, and at most a hundred', async () => {
    const first = await consumer.list('/directory_users');
    expect(first.data).to.have.length(10);
    const all = await users('limit=100');
    expect(all)
      .to.have.length(11)
      .and.deep.equal([...all].sort().reverse());
    expect(ids(first)).to.deep.equal(all.slice(0, 10));
    expect(first.list_metadata).to.deep.equal({ before: null, after: all[9] });
    expect(await users('limit=100&order=asc')).to.deep.equal([...all].reverse());
  });

  it('goes on after an object, and back before it, in the order asked for', async () => {
    for (const order of ['asc', 'desc']) {
      const all = await users(`limit=100&order=${order}`);
      for (const [place, id] of all.entries()) {
        const after = await consumer.list(`/directory_users?order=${order}&limit=3&after=${id}`);
        expect(ids(after), `after ${place}`).to.deep.equal(all.slice(place + 1, place + 4));
        const before = await consumer.list(`/directory_users?order=${order}&limit=3&before=${id}`);
        expect(ids(before), `before ${place}`).to.deep.equal(all.slice(Math.max(0, place - 3), place));
        expect(before.list_metadata.before, `before ${place}`).to.equal(place > 3 ? all[place - 3] : null);
        expect(after.list_metadata.after, `after ${place}`).to.equal(place + 4 < all.length ? all[place + 3] : null);
      }
    }
  });

  it('never ends a list with a cursor, and finds everybody once', async () => {
    const all = await users('limit=100');
    for (const limit of [1, 2, 3, 10, 11, 12, 100]) {
      const found = await consumer.all('/directory_users?order=desc', limit);
      expect(found.map(({ id }) => id)).to.deep.equal(all);
    }
  });

  it('changes the places of before and after in the order "normal"', async () => {
    const all = await users('limit=100');
    const first = await consumer.list('/directory_users?order=normal&limit=4');
    expect(ids(first)).to.deep.equal(all.slice(0, 4));
    expect(first.list_metadata).to.deep.equal({ before: all[3], after: null });
    const next = await consumer.list(`/directory_users?order=normal&limit=4&before=${all[3] ?? ''}`);
    expect(ids(next)).to.deep.equal(all.slice(4, 8));
    expect(next.list_metadata).to.deep.equal({ before: all[7], after: all[4] });
    const back = await consumer.list(`/directory_users?order=normal&limit=4&after=${all[4] ?? ''}`);
    expect(ids(back)).to.deep.equal(all.slice(0, 4));
  });

  it('finds people by group, address and id at the provider', async () => {
    const groups = (await consumer.list('/directory_groups')).data;
    for (const group of groups) {
      const members = await consumer.all(`/directory_users?group=${group.id}`, 1);
      const expected = (await consumer.list('/directory_users?limit=100')).data.filter((user) =>
        (user.groups as { id: string }[]).some(({ id }) => id === group.id),
      );
      expect(members).to.deep.equal(expected).and.not.deep.equal([]);
    }
    const of = async (query: string): Promise<unknown[]> =>
      (await consumer.list(`/directory_users?directory=directory_acme&${query}`)).data.map(({ idp_id }) => idp_id);
    expect(await of('email=Ada%40ACME.example')).to.deep.equal(['9001']);
    expect(await of('idp_id=9001')).to.deep.equal(['9001']);
    expect(await of('idp_id=E2003')).to.deep.equal(['E2003']);
    // Ada's id in HR is not the one by which consumers know her.
    expect(await of('idp_id=E1001')).to.deep.equal([]);
    expect(await of(`idp_id=${encodeURIComponent("' OR 1=1--")}`)).to.deep.equal([]);
  });

  it('reads events from the oldest on, in both directions, by name and by time', async () => {
    const all = ids(await consumer.list('/events?limit=100'));
    expect((await consumer.all('/events', 3)).map(({ id }) => id)).to.deep.equal(all);
    expect(ids(await consumer.list('/events?limit=100&order=desc'))).to.deep.equal([...all].reverse());
    expect(ids(await consumer.list(`/events?limit=3&before=${all[6] ?? ''}`))).to.deep.equal(all.slice(3, 6));
    const last = await consumer.list(`/events?after=${all.at(-1) ?? ''}`);
    expect(last).to.deep.equal({ object: 'list', data: [], list_metadata: { after: null } });
    const created = await consumer.all('/events?events=dsync.user.created', 2);
    expect(created).to.have.length(11);
    for (const spelling of [
      'events=dsync.user.created%2Cdsync.group.created',
      'events=dsync.user.created&events=dsync.group.created',
      'events[]=dsync.user.created&events[]=dsync.group.created',
    ])
      expect((await consumer.list(`/events?limit=100&${spelling}`)).data, spelling).to.have.length(13);
    const day = async (range: string): Promise<number> =>
      (await consumer.list(`/events?limit=100&${range}`)).data.length;
    const second = await day('range_start=2026-03-10T00:00:00Z');
    expect(second).to.be.greaterThan(6);
    expect(await day('range_end=2026-03-10')).to.equal(all.length - second);
    expect(await day('range_start=2026-03-10T08:00:00.000Z&range_end=2026-03-10T10:00:01%2B02:00')).to.equal(second);
    expect(await day('organization_id=org_acme')).to.equal(all.length);
    expect(await day('organization_id=org_bravo')).to.equal(0);
    // Other products' events never happen here.
    expect(await day('events=authentication.email_verification_succeeded')).to.equal(0);
    expect(await day('events=connection.activated,dsync.group.created')).to.equal(2);
    expect(await day('events=dsync.activated')).to.equal(0);
  });

  it('asks the store as often for a hundred objects as for two', async () => {
    const { store } = service.rollcall as unknown as { store: Store };
    let statements = 0;
    store.onQuery(() => statements++);
    const asked = async (address: string): Promise<number> => {
      const before = statements;
      await consumer.list(address);
      return statements - before;
    };
    for (const list of ['/directory_users', '/directory_groups', '/events?events=dsync.user.created']) {
      const mark = list.includes('?') ? '&' : '?';
      const few = await asked(`${list}${mark}limit=2&order=asc`);
      expect(await asked(`${list}${mark}limit=100&order=asc`), list).to.equal(few);
      expect(few, list).to.be.at.most(14);
    }
  });

  it('keeps cursors of people who left and of groups that are gone', async () => {
    const door = await service.rollcall.tenant('acme');
    const before = await users('limit=100');
    service.now = new Date(LATER);
    await service.project.hr('2026-03-11', HR_ROWS);
    await door.sync();
    const held = (await door.reviews()).items;
    for (const { id } of held) await door.reviewDecide(id, 'approve', 'they left', 'test');
    const deleted = new Consumer(service, await service.key({ consumer: { inactive: 'deleted' } }));
    const left = await deleted.list('/directory_users?limit=100');
    const gone = before.filter((id) => !ids(left).includes(id));
    expect(gone.length).to.be.greaterThan(6);
    for (const id of gone) {
      const following = await deleted.list(`/directory_users?limit=100&after=${id}`);
      expect(ids(following)).to.deep.equal(ids(left).filter((other) => other < id));
    }
  });
});

onBothStores('server/workos: several tenants', (kind) => {
  let service: TestService;
  let both: Consumer;

  before(async () => {
    service = await TestService.open(kind);
    both = new Consumer(service, await service.key({ tenants: null }));
  });
  after(() => service.close());

  it('pages through the people, groups and directories of all of them', async () => {
    const one = new Consumer(service, await service.key({ tenants: ['acme', 'bravo'] }));
    for (const list of ['/directory_users', '/directory_groups', '/directories']) {
      const all = await both.all(list, 1);
      expect(await one.all(list, 3), list).to.deep.equal(all);
      const parts = await Promise.all(
        ['acme', 'bravo'].map(async (tenant) =>
          new Consumer(service, await service.key({ tenants: [tenant] })).all(list),
        ),
      );
      const byId = new Map(parts.flat().map((object) => [object.id, object]));
      expect(all.map(({ id }) => id).sort()).to.deep.equal([...byId.keys()].sort());
      for (const object of all) expect(object).to.deep.equal(byId.get(object.id));
    }
    expect(await both.all('/directory_users?directory=directory_bravo')).to.have.length(4);
    expect((await both.list('/directories?organization_id=org_bravo')).data).to.have.length(1);
  });

  it('tells the events of all of them in one order, each tenant in its own', async () => {
    const alone = async (tenant: string): Promise<string[]> =>
      (await both.all(`/events?organization_id=org_${tenant}`, 5)).map(({ id }) => id);
    const own = { acme: await alone('acme'), bravo: await alone('bravo') };
    const expected = [...own.acme, ...own.bravo];
    let all: string[] = [];
    // What was written in the last two seconds may still be overtaken by another tenant's transaction.
    while (all.length < expected.length) all = (await both.all('/events', 5)).map(({ id }) => id);
    expect(all).to.deep.equal([...expected].sort());
    for (const ids of Object.values(own)) expect(all.filter((id) => ids.includes(id))).to.deep.equal(ids);
    const middle = all[4] ?? '';
    const back = await both.list(`/events?limit=3&before=${middle}`);
    expect(back.data.map(({ id }) => id)).to.deep.equal(all.slice(1, 4));
  });
});
