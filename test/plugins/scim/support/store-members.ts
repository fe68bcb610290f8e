import type { ScimStore, ScimUnit } from '@rollcall/connector-scim';
import { expect } from 'chai';
import { AT, group, idsOf, insert, LATER, member, users } from './store-writing.js';

/** What every store does with members. */
export function memberTests(get: () => ScimStore): void {
  it('adds and ends edges as rows and says how many', async () => {
    await users(get(), 'a', 'b', 'c');
    expect(await group(get(), 'g', [member('a'), member('b')])).to.equal(2);
    const change = (work: (unit: ScimUnit) => Promise<number>): Promise<number> => get().write(work);
    expect(await change((unit) => unit.addMembers('g', [member('b'), member('c')], LATER))).to.equal(1);
    expect(await change((unit) => unit.removeMembers('g', ['a', 'none'], LATER))).to.equal(1);
    expect(await change((unit) => unit.addMembers('g', [member('a')], LATER))).to.equal(1);
    expect(await get().members('g', { limit: 10 })).to.deep.equal([member('a'), member('b'), member('c')]);
    expect(await get().members('g', { after: 'a', limit: 1 })).to.deep.equal([member('b')]);
    expect(await change((unit) => unit.addMembers('g', [], LATER))).to.equal(0);
  });

  it('keeps edges to nobody as pending, and shows groups in groups', async () => {
    await users(get(), 'a');
    await group(get(), 'g', [member('a'), member('later', null)]);
    await group(get(), 'h', [member('g', 'group')]);
    expect(await get().members('g', { limit: 10 })).to.deep.equal([member('a'), member('later', null)]);
    expect(await get().members('h', { limit: 10 })).to.deep.equal([member('g', 'group')]);
    expect(idsOf(await get().find('group', { attribute: 'member', form: 'a' }))).to.deep.equal(['g']);
    expect(await get().find('group', { attribute: 'member', form: 'later' })).to.deep.equal([]);
    expect((await get().membersAmong(['g', 'h'], ['a', 'later'])).get('g')).to.deep.equal(['a']);
    await users(get(), 'later');
    expect((await get().members('g', { limit: 10 }))[1]).to.deep.equal(member('later'));
    expect((await get().membersAmong(['g', 'h'], ['a', 'later'])).get('h') ?? []).to.deep.equal([]);
  });

  it('says the groups of many, by name and then id', async () => {
    await users(get(), 'a', 'b', 'c');
    await group(get(), 'g2', [member('a')]);
    await group(get(), 'g1', [member('a'), member('b')]);
    const groups = await get().groupsOf(['a', 'b', 'c', 'none']);
    expect(groups.get('a')).to.deep.equal([
      { id: 'g1', displayName: 'g1' },
      { id: 'g2', displayName: 'g2' },
    ]);
    expect(idsOf(groups.get('b') ?? [])).to.deep.equal(['g1']);
    expect(groups.get('c') ?? []).to.deep.equal([]);
  });

  it('ends the edges of and to what is buried', async () => {
    await users(get(), 'a', 'b');
    await group(get(), 'g', [member('a'), member('b')]);
    await group(get(), 'h', [member('a'), member('g', 'group')]);
    await get().write((unit) => unit.bury('user', 'a', LATER));
    expect(await get().members('g', { limit: 10 })).to.deep.equal([member('b')]);
    await get().write((unit) => unit.bury('group', 'g', LATER));
    expect(await get().members('g', { limit: 10 })).to.deep.equal([]);
    expect(await get().members('h', { limit: 10 })).to.deep.equal([]);
    expect((await get().groupsOf(['b'])).get('b') ?? []).to.deep.equal([]);
  });

  it('binds pending edges of a tombstone to whoever follows, at the end of the chain', async () => {
    await users(get(), 'a');
    await get().write((unit) => unit.bury('user', 'a', AT));
    await group(get(), 'g', [member('a', null)]);
    await get().write(async (unit) => {
      await insert(unit, 'b', { formerId: 'a' });
      await unit.bury('user', 'b', AT);
      await unit.addMembers('g', [member('a', null)], AT);
      expect(await unit.identify(['a', 'b', 'g', 'none'])).to.deep.equal(new Map([['g', { id: 'g', kind: 'group' }]]));
      await insert(unit, 'c', { formerId: 'b' });
      expect((await unit.identify(['a', 'c'])).get('a')).to.deep.equal({ id: 'c', kind: 'user' });
    });
    expect(await get().members('g', { limit: 10 })).to.deep.equal([member('c')]);
  });

  it('holds twenty thousand members and reads them by the page', async () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `m${i}`).sort();
    expect(
      await group(
        get(),
        'g',
        ids.map((id) => member(id, null)),
      ),
    ).to.equal(20_000);
    const middle = ids[9_999] ?? '';
    expect(idsOf(await get().members('g', { after: middle, limit: 5000 }))).to.deep.equal(ids.slice(10_000, 15_000));
    expect(await get().write((unit) => unit.removeMembers('g', ids, LATER))).to.equal(20_000);
  });
}
