import { expect } from 'chai';
import { Store } from '#core/store/store.js';
import type { EventDocument, UserDocument } from '@rollcall/core';
import { FIRST_DAY, IT_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

onBothStores('what events say', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.apply(FIRST_DAY);
  });

  afterEach(() => project.remove());

  async function eventsAt(now: string): Promise<EventDocument[]> {
    return (await project.at(now, (door) => door.events())).items;
  }

  it('shows each user as the list does, links with the instant of their own making', async () => {
    await project.sync(FIRST_DAY, { directories: ['hr'] });
    await project.it('2026-03-09', [IT_ROWS[0]?.replace('vpn|admins', 'vpn|admins|board') ?? '', ...IT_ROWS.slice(1)]);
    await project.sync(NEXT_DAY, { directories: ['it'] });
    const users = (await project.at(NEXT_DAY, (door) => door.users.list())).items;
    const latest = new Map(
      (await eventsAt(NEXT_DAY))
        .filter((event) => event.subject.kind === 'user')
        .map((event) => [event.subject.id, event.data as unknown as UserDocument]),
    );
    for (const user of users) expect(latest.get(user.id)).to.deep.equal(user);
    const ada = latest.get(users.find((user) => user.attributes.employeeNumber === 'E1001')?.id ?? '');
    expect(ada?.groups.map((group) => group.displayName)).to.deep.equal(['admins', 'board', 'vpn']);
    expect(ada?.records.map((record) => record.link.at)).to.deep.equal([FIRST_DAY, NEXT_DAY]);
  });

  it('counts the members that a group has once the batch is written', async () => {
    await project.sync(FIRST_DAY);
    const made = (await eventsAt(FIRST_DAY)).filter((event) => event.type === 'group.created');
    const members = made.map((event) => event.data as { displayName: string; members: number });
    expect(members.map((group) => [group.displayName, group.members]).sort()).to.deep.equal([
      ['admins', 1],
      ['vpn', 3],
    ]);
  });

  it('numbers each membership by its own event', async () => {
    await project.sync(FIRST_DAY);
    await project.it('2026-03-10', [IT_ROWS[0]?.replace('vpn|admins', 'board') ?? '', ...IT_ROWS.slice(1)]);
    await project.sync(NEXT_DAY);
    const events = new Map((await eventsAt(NEXT_DAY)).map((event) => [event.sequence, event]));
    const store = new Store(project.store.configuration);
    try {
      const rows = await store.read((sql) =>
        sql('membership').select<
          { group_id: string; user_id: string; from_sequence: number; to_sequence: number | null }[]
        >(),
      );
      expect(rows).to.have.length(5);
      for (const row of rows) {
        const subject = { kind: 'membership', id: `${row.group_id}/${row.user_id}` };
        expect(events.get(row.from_sequence)).to.deep.include({ type: 'membership.added', subject });
        if (row.to_sequence !== null)
          expect(events.get(row.to_sequence)).to.deep.include({ type: 'membership.removed', subject });
      }
      expect(rows.filter((row) => row.to_sequence !== null)).to.have.length(2);
    } finally {
      await store.close();
    }
  });

  it('ends a redo at the instant of the pass', async () => {
    await project.sync(FIRST_DAY);
    await project.change('mappings/hr.yaml', 'department: department', 'department: $uppercase(department)');
    await project.apply(NEXT_DAY);
    await project.at(NEXT_DAY, (door) => door.rederive());
    const store = new Store(project.store.configuration);
    try {
      const rows = await store.read((sql) => sql('redo').select<{ done_at: string | null }[]>('done_at'));
      expect(rows.map((row) => row.done_at)).to.deep.equal(['2026-03-10T08:00:00.000Z']);
    } finally {
      await store.close();
    }
  });

  it('pages overrides and pins, each once, and refuses what is no cursor', async () => {
    await project.sync(FIRST_DAY);
    await project.at(NEXT_DAY, async (door) => {
      for (const who of ['hr:E1001', 'hr:E1002', 'it:9009'])
        await door.overrides.set(who, 'title', 'Pilot', { reason: 'so', until: '2026-04-01T00:00:00Z', by: 'ops' });
      const all = (await door.overrides.list()).items.map((item) => item.id);
      const first = await door.overrides.list({ limit: 2 });
      const second = await door.overrides.list({ limit: 2, after: String(first.next) });
      expect([...first.items, ...second.items].map((item) => item.id)).to.deep.equal(all);
      expect([all.length, second.next]).to.deep.equal([3, null]);
      const code = async (request: { limit?: number; after?: string }): Promise<unknown> =>
        door.overrides.list(request).then(
          () => null,
          (error: unknown) => (error as { code: string }).code,
        );
      expect(await code({ after: all[0] ?? '' })).to.equal('RC_CURSOR_INVALID');
      expect(await code({ limit: 0 })).to.equal('RC_USAGE_LIMIT');
    });
  });
});
