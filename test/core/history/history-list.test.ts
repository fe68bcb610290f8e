import { expect } from 'chai';
import type { AttributeChange } from '#core/history/tables.js';
import { historyOf } from '#core/reading/history.js';
import { refusalOf } from '../reading/refusal.js';
import { CAUSE, day, onEachStore, type Population } from '../reading/support.js';

const value = (attribute: string, from: AttributeChange['from'], to: AttributeChange['to']): AttributeChange => ({
  attribute,
  from,
  to,
  kind: 'value',
  provenance: null,
  reason: null,
  detail: null,
  effectiveAt: null,
  unknown: false,
});

type Page = Awaited<ReturnType<typeof historyOf>>;
type Request = Parameters<typeof historyOf>[3];

const inShort = ({ items }: Page): string[] =>
  items.map(
    (item) => `${item.version} ${item.kind} ${item.attribute} ${JSON.stringify(item.from)}>${JSON.stringify(item.to)}`,
  );

const EVERYTHING = [
  '1 user.created active null>true',
  '1 user.created department null>"Platform"',
  '2 user.updated department "Platform">"Engineering"',
  '2 membership.added groups null>"vpn"',
  '2 membership.added groups null>"admins"',
  '3 user.provenance active true>true',
  '3 user.updated userName null>"ada"',
  '3 membership.removed groups "vpn">null',
];

onEachStore('core/history/history-list', (open) => {
  let population: Population;
  const history = (request?: Request, who = 'usr-1'): Promise<Page> =>
    population.read((sql) => historyOf(sql, population.tenantId, who, request));

  before(async () => {
    population = await open();
    await population.furnish();
    await population.user('usr-1');
    await population.user('usr-2');
    const created = [value('active', null, true), value('department', null, 'Platform')];
    await population.change('usr-1', 1, day(9), created, {}, 'user.created');
    await population.change('usr-1', 2, day(9), [value('department', 'Platform', 'Engineering')]);
    const later: AttributeChange[] = [
      { ...value('active', true, true), kind: 'provenance' },
      value('userName', null, 'ada'),
    ];
    await population.change('usr-1', 3, day(10), later);
    await population.group('grp-1', 'vpn');
    await population.group('grp-2', 'admins');
    await population.member('grp-1', 'usr-1', {
      to_sequence: 9,
      to_at: day(10),
      to_cause: JSON.stringify({ ...CAUSE, runId: 'run-9' }),
    });
    await population.member('grp-2', 'usr-1');
    await population.member('grp-2', 'usr-2');
    const neighbour = await population.neighbour('other');
    await neighbour.user('usr-1');
    await neighbour.group('grp-1', 'theirs');
    await neighbour.member('grp-1', 'usr-1');
    await neighbour.change('usr-1', 1, day(9), [value('department', null, 'theirs')]);
  });
  after(() => population.close());

  it('has one item per attribute and per membership, by time and version', async () => {
    const page = await history();
    expect(inShort(page)).to.deep.equal(EVERYTHING);
    expect([page.user, page.next]).to.deep.equal(['usr-1', null]);
  });

  it('says of a change what caused it', async () => {
    const [, , item] = (await history()).items;
    expect(item).to.deep.equal({
      changeId: 'chg-usr-1-2',
      version: 2,
      at: '2026-03-09T08:00:00Z',
      kind: 'user.updated',
      attribute: 'department',
      from: 'Platform',
      to: 'Engineering',
      reason: null,
      unknown: false,
      cause: CAUSE,
    });
  });

  it('says of a membership what ended it; no version is counted for it', async () => {
    const item = (await history()).items.at(-1);
    expect(item).to.deep.include({ changeId: null, version: 3, from: 'vpn', to: null, at: '2026-03-10T08:00:00Z' });
    expect(item?.cause.runId).to.equal('run-9');
  });

  for (const limit of [1, 2, 3, 5]) {
    it(`pages by ${limit} without losing or doubling an item`, async () => {
      const seen: string[] = [];
      let next: Page['next'] = null;
      do {
        const page: Page = await history({ limit, ...(next === null ? {} : { after: String(next) }) });
        expect(page.items.length).to.be.within(1, limit);
        seen.push(...inShort(page));
        next = page.next;
      } while (next !== null);
      expect(seen).to.deep.equal(EVERYTHING);
    });
  }

  it('filters by attribute, and pages what is left', async () => {
    const first = await history({ attribute: 'department', limit: 1 });
    const second = await history({ attribute: 'department', limit: 1, after: String(first.next) });
    expect([...inShort(first), ...inShort(second)]).to.deep.equal(
      EVERYTHING.filter((line) => line.includes(' department ')),
    );
    expect(second.next).to.equal(null);
    expect(inShort(await history({ attribute: 'groups' }))).to.deep.equal(
      EVERYTHING.filter((line) => line.includes(' groups ')),
    );
    expect((await history({ attribute: 'title' })).items).to.deep.equal([]);
  });

  it('refuses the cursor of another user or attribute', async () => {
    const { next } = await history({ limit: 1 });
    const other = await refusalOf(history({ after: String(next) }, 'usr-2'));
    const filtered = await refusalOf(history({ after: String(next), attribute: 'department' }));
    expect([other.code, filtered.code]).to.deep.equal(['RC_CURSOR_INVALID', 'RC_CURSOR_INVALID']);
  });
});
