import type { RecordKind } from '@rollcall/connector-kit';
import type { IndexKey, ScimStore, ScimUnit } from '@rollcall/connector-scim';
import { expect } from 'chai';
import { memberTests } from './store-members.js';
import { AT, group, idsOf, insert, key, LATER, member, users } from './store-writing.js';

/** A store under examination: empty, for one directory. */
export interface OpenStore {
  store: ScimStore;
  /** Another directory of the same store. */
  other: ScimStore;
  close: () => Promise<void>;
}

/** The tests that every implementation of the port has to pass. */
export function describeScimStore(name: string, open: () => Promise<OpenStore>): void {
  describe(name, () => {
    let opened: OpenStore;
    let store: ScimStore;

    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
    });

    afterEach(() => opened.close());

    resourceTests(() => store);
    findingTests(() => store);
    memberTests(() => store);
    unitTests(() => store);

    it('knows nothing of another directory', async () => {
      await users(store, 'a');
      await group(store, 'g', [member('a')]);
      const { other } = opened;
      expect(await other.read('user', 'a')).to.equal(null);
      expect(await other.find('user', key('userName', 'a'))).to.deep.equal([]);
      expect(await other.page('user', { limit: 10 })).to.deep.equal([]);
      expect(await other.count('group')).to.equal(0);
      expect(await other.members('g', { limit: 10 })).to.deep.equal([]);
      expect((await other.groupsOf(['a'])).get('a') ?? []).to.deep.equal([]);
      expect(await other.write((unit) => unit.identify(['a']))).to.deep.equal(new Map());
      await users(other, 'b');
      expect(idsOf(await store.page('user', { limit: 10 }))).to.deep.equal(['a']);
    });
  });
}

function resourceTests(get: () => ScimStore): void {
  it('keeps a resource as it was written', async () => {
    const resource = {
      userName: 'Zoë 🦊',
      nested: { list: [1, 2.5, true, null, { a: '' }], empty: {} },
      constructor: { x: 1 },
    };
    const made = await get().write((unit) => insert(unit, 'a', { resource }));
    expect(made).to.deep.include({
      id: 'a',
      kind: 'user',
      version: 1,
      created: AT,
      lastModified: AT,
      cause: 'scim.created',
      resource,
      goneAt: null,
      formerId: null,
    });
    expect(await get().read('user', 'a')).to.deep.equal(made);
    expect(await get().read('group', 'a')).to.equal(null);
    expect(await get().read('user', 'A')).to.equal(null);
  });

  it('changes a resource: one version more, its keys replaced, its place kept', async () => {
    await users(get(), 'a', 'b');
    const before = await get().read('user', 'a');
    const content = {
      kind: 'user' as const,
      id: 'a',
      resource: { userName: 'c' },
      keys: [key('userName', 'c')],
      at: LATER,
      cause: 'scim.updated' as const,
    };
    const changed = await get().write((unit) => unit.update(content));
    expect(changed).to.deep.equal({
      ...before,
      resource: { userName: 'c' },
      version: 2,
      lastModified: LATER,
      cause: 'scim.updated',
    });
    expect(await get().read('user', 'a')).to.deep.equal(changed);
    expect(await get().find('user', key('userName', 'a'))).to.deep.equal([]);
    expect(idsOf(await get().find('user', key('userName', 'c')))).to.deep.equal(['a']);
    expect(idsOf(await get().page('user', { limit: 10 }))).to.deep.equal(['a', 'b']);
  });

  it('makes a tombstone that keeps everything and is nowhere to be seen', async () => {
    await users(get(), 'a', 'b');
    await get().write((unit) => unit.bury('user', 'a', LATER));
    expect(await get().read('user', 'a')).to.deep.include({
      goneAt: LATER,
      cause: 'scim.deleted',
      resource: { userName: 'a' },
      version: 2,
    });
    expect(await get().find('user', key('userName', 'a'))).to.deep.equal([]);
    expect(await get().find('user', { attribute: 'id', form: 'a' })).to.deep.equal([]);
    expect(idsOf(await get().page('user', { limit: 10 }))).to.deep.equal(['b']);
    expect(idsOf(await get().readMany('user', ['a', 'b']))).to.deep.equal(['b']);
    expect(await get().count('user')).to.equal(1);
  });

  it('refuses an id twice, even that of a tombstone, and a change of what is not visible', async () => {
    await users(get(), 'a');
    const failed = async (work: (unit: ScimUnit) => Promise<unknown>): Promise<boolean> =>
      get()
        .write(work)
        .then(
          () => false,
          () => true,
        );
    expect(await failed((unit) => insert(unit, 'a'))).to.equal(true);
    await get().write((unit) => unit.bury('user', 'a', AT));
    expect(await failed((unit) => insert(unit, 'a'))).to.equal(true);
    expect(await failed((unit) => unit.bury('user', 'a', AT))).to.equal(true);
    expect(
      await failed((unit) =>
        unit.update({ kind: 'user', id: 'a', resource: {}, keys: [], at: AT, cause: 'scim.updated' }),
      ),
    ).to.equal(true);
    expect(await failed((unit) => unit.addMembers('none', [member('a')], AT))).to.equal(true);
  });
}

function findingTests(get: () => ScimStore): void {
  it('finds by each indexed value, exactly, in the order of creation', async () => {
    await get().write(async (unit) => {
      await insert(unit, 'b', { keys: [key('userName', 'ada'), key('emails', 'x@x'), key('emails', 'y@x')] });
      await insert(unit, 'a', { keys: [key('externalId', 'Ada'), key('emails', 'x@x')] });
      await insert(unit, 'g', { kind: 'group', keys: [key('displayName', 'ada'), key('externalId', 'Ada')] });
    });
    const found = async (kind: RecordKind, attribute: IndexKey['attribute'], form: string): Promise<string[]> =>
      idsOf(await get().find(kind, key(attribute, form)));
    expect(await found('user', 'emails', 'x@x')).to.deep.equal(['b', 'a']);
    expect(await found('user', 'emails', 'y@x')).to.deep.equal(['b']);
    expect(await found('user', 'userName', 'ada')).to.deep.equal(['b']);
    expect(await found('user', 'externalId', 'Ada')).to.deep.equal(['a']);
    expect(await found('user', 'externalId', 'ada')).to.deep.equal([]);
    expect(await found('user', 'displayName', 'ada')).to.deep.equal([]);
    expect(await found('group', 'displayName', 'ada')).to.deep.equal(['g']);
    expect(await found('user', 'userName', "' OR 1=1 --")).to.deep.equal([]);
    expect(idsOf(await get().find('user', { attribute: 'id', form: 'a' }))).to.deep.equal(['a']);
    expect(idsOf(await get().readMany('user', ['a', 'none', 'b', 'g']))).to.deep.equal(['b', 'a']);
  });

  it('pages in the order of creation, behind a position and past a number', async () => {
    const ids = Array.from({ length: 25 }, (_, i) => `u${(i * 7) % 25}`);
    await users(get(), ...ids);
    const all = await get().page('user', { limit: 100 });
    expect(idsOf(all)).to.deep.equal(ids);
    const positions = all.map(({ position }) => position);
    expect(positions).to.deep.equal([...positions].sort((a, b) => a - b));
    expect(new Set(positions).size).to.equal(25);
    expect(idsOf(await get().page('user', { after: all[9]?.position ?? 0, limit: 3 }))).to.deep.equal(
      ids.slice(10, 13),
    );
    expect(idsOf(await get().page('user', { skip: 20, limit: 10 }))).to.deep.equal(ids.slice(20));
    expect(await get().page('user', { limit: 0 })).to.deep.equal([]);
    expect(await get().count('user')).to.equal(25);
  });

  it('finds tombstones, the latest first, that nobody visible follows', async () => {
    await get().write(async (unit) => {
      for (const id of ['a', 'b', 'c']) {
        await insert(unit, id, { keys: [key('externalId', '1')] });
        await unit.bury('user', id, AT);
      }
      const keys = [key('externalId', '2')];
      await insert(unit, 'd', { keys });
      await unit.bury('user', 'd', AT);
      await insert(unit, 'e', { keys: [], formerId: 'd' });
      expect(idsOf(await unit.findTombstones('user', key('externalId', '1')))).to.deep.equal(['c', 'b', 'a']);
      expect(await unit.findTombstones('user', key('externalId', '2'))).to.deep.equal([]);
      expect(await unit.findTombstones('group', key('externalId', '1'))).to.deep.equal([]);
      await unit.bury('user', 'e', AT);
      expect(idsOf(await unit.findTombstones('user', key('externalId', '2')))).to.deep.equal(['d']);
    });
  });
}

function unitTests(get: () => ScimStore): void {
  it('writes all of a unit or nothing', async () => {
    await users(get(), 'a');
    const failure = new Error('half-way');
    const half = get().write(async (unit) => {
      await insert(unit, 'b');
      await unit.update({
        kind: 'user',
        id: 'a',
        resource: { userName: 'z' },
        keys: [key('userName', 'z')],
        at: LATER,
        cause: 'scim.updated',
      });
      await insert(unit, 'g', { kind: 'group' });
      await unit.addMembers('g', [member('a')], LATER);
      await unit.bury('user', 'a', LATER);
      throw failure;
    });
    expect(await half.catch((error: unknown) => error)).to.equal(failure);
    expect(await get().read('user', 'a')).to.deep.include({ version: 1, resource: { userName: 'a' }, goneAt: null });
    expect(await get().read('user', 'b')).to.equal(null);
    expect(await get().count('group')).to.equal(0);
    expect(idsOf(await get().find('user', key('userName', 'a')))).to.deep.equal(['a']);
    expect(await get().find('user', key('userName', 'z'))).to.deep.equal([]);
  });

  it('reads within a unit what it wrote, and shows it to others at the end', async () => {
    await get().write(async (unit) => {
      await insert(unit, 'a', { keys: [key('externalId', '1')] });
      expect(idsOf(await unit.find('user', key('externalId', '1')))).to.deep.equal(['a']);
      expect(await unit.count('user')).to.equal(1);
    });
    expect(await get().count('user')).to.equal(1);
  });

  it('runs units one after the other: a value that one found unused is still unused when it writes', async () => {
    const claim = (id: string): Promise<boolean> =>
      get().write(async (unit) => {
        const isFree = (await unit.find('user', key('userName', 'wanted'))).length === 0;
        if (isFree) await insert(unit, id, { keys: [key('userName', 'wanted')] });
        return isFree;
      });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => claim(`u${i}`)));
    expect(answers.filter(Boolean)).to.have.length(1);
    expect(await get().count('user')).to.equal(1);
  });

  it('loses no edge and no version when twenty units write one group at once', async () => {
    await group(get(), 'g', []);
    const add = (id: string): Promise<unknown> =>
      get().write(async (unit) => {
        await unit.addMembers('g', [member(id, null)], LATER);
        const now = await unit.read('group', 'g');
        return unit.update({
          kind: 'group',
          id: 'g',
          resource: now?.resource ?? {},
          keys: [],
          at: LATER,
          cause: 'scim.membersChanged',
        });
      });
    await Promise.all(Array.from({ length: 20 }, (_, i) => add(`m${i}`)));
    expect(await get().members('g', { limit: 100 })).to.have.length(20);
    expect((await get().read('group', 'g'))?.version).to.equal(21);
  });

  it('goes on after a unit that failed', async () => {
    await get()
      .write(() => Promise.reject(new Error('no')))
      .catch(() => undefined);
    await users(get(), 'a');
    expect(await get().count('user')).to.equal(1);
  });
}
