import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Json } from '@rollcall/core';
import { expect } from 'chai';
import { HR_HEADER, HR_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';
import { rejectionsOf } from '../mapping/errors.js';

/** So many people that a guard has something to hold. */
function crowd(count: number, status = 'Active'): string[] {
  return Array.from(
    { length: count },
    (_, n) => `P${1000 + n};Pat;No${n};p${n}@acme.example;Sales;${status};2020-01-01;`,
  );
}

onBothStores('what guards hold and people decide', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.hr('2026-03-09', [...HR_ROWS, ...crowd(60)]);
    await project.settle();
  });

  afterEach(() => project.remove());

  const active = (now: string): Promise<number> =>
    project.at(now, async (door) => (await door.users.list({ active: true, limit: 200 })).items.length);

  it('holds a mass absence, lets the rest through, and exits 3 until somebody decides', async () => {
    const before = await active(NEXT_DAY);
    const [ada = '', ...others] = HR_ROWS;
    await project.hr('2026-03-10', [ada.replace('Engineering', 'Sales'), ...others, ...crowd(60).slice(12)]);
    const sync = await project.sync(NEXT_DAY);
    expect([sync.exitCode, sync.runs[0]?.outcome]).to.deep.equal([3, 'held']);
    expect(sync.runs[0]?.held).to.have.length(1);
    expect(sync.runs[0]?.held[0]).to.include({ guard: 'absences', count: 12, limit: 10 });
    expect(await active(NEXT_DAY)).to.equal(before);
    const ada2 = await project.at(NEXT_DAY, (door) => door.users.show('hr:E1001'));
    expect(ada2.attributes.department).to.equal('Sales');
    expect((await project.sync(NEXT_DAY)).exitCode).to.equal(3);
  });

  it('applies what was held when it is approved', async () => {
    const before = await active(NEXT_DAY);
    await project.hr('2026-03-10', [...HR_ROWS, ...crowd(60).slice(12)]);
    await project.sync(NEXT_DAY);
    await project.at(NEXT_DAY, async (door) => {
      const [review] = (await door.reviews()).items;
      expect(review?.counts).to.deep.equal({ users: 12, limit: 10 });
      const { runs } = await door.reviewDecide(review?.id ?? '', 'approve', 'the plant was sold', 'ops');
      expect(runs[0]?.changes.users.deactivated).to.equal(12);
      const one = await door.history('hr:P1003', { attribute: 'active' });
      expect(one.items.at(-1)?.cause.review).to.equal(review?.id);
    });
    expect(await active(NEXT_DAY)).to.equal(before - 12);
    expect((await project.sync(NEXT_DAY)).exitCode).to.equal(0);
  });

  it('pins what was held when it is rejected, until the source agrees again', async () => {
    const before = await active(NEXT_DAY);
    await project.hr('2026-03-10', [...HR_ROWS, ...crowd(60).slice(12)]);
    await project.sync(NEXT_DAY);
    await project.at(NEXT_DAY, async (door) => {
      const [review] = (await door.reviews()).items;
      await door.reviewDecide(review?.id ?? '', 'reject', 'the export was broken', 'ops');
      const pins = (await door.overrides.list()).items;
      expect(pins.filter((pin) => pin.kind === 'pin')).to.have.length(12);
      for (const pin of pins)
        expect(pin).to.include({ attribute: 'active', value: true, pins: 'absence', endedAt: null, endedReason: null });
      const first = await door.overrides.list({ limit: 7 });
      const second = await door.overrides.list({ limit: 7, after: String(first.next) });
      expect([[...first.items, ...second.items], second.next]).to.deep.equal([pins, null]);
      expect((await door.sync({ full: true })).exitCode).to.equal(0);
    });
    expect(await active(NEXT_DAY)).to.equal(before);
    await project.hr('2026-03-11', [...HR_ROWS, ...crowd(60)]);
    await project.sync('2026-03-11T08:00:00Z');
    await project.at('2026-03-11T08:00:00Z', async (door) => {
      expect((await door.overrides.list()).items).to.deep.equal([]);
    });
  });

  it('ends a hold by itself when the people are there again', async () => {
    await project.hr('2026-03-10', [...HR_ROWS, ...crowd(60).slice(12)]);
    await project.sync(NEXT_DAY);
    await project.hr('2026-03-11', [...HR_ROWS, ...crowd(60)]);
    const sync = await project.sync('2026-03-11T08:00:00Z');
    expect(sync.exitCode).to.equal(0);
    await project.at('2026-03-11T08:00:00Z', async (door) => {
      expect((await door.reviews()).items).to.deep.equal([]);
    });
  });

  it('holds a mass termination said by the source, per person and attribute', async () => {
    const before = await active(NEXT_DAY);
    await project.hr('2026-03-10', [...HR_ROWS, ...crowd(60, 'Terminated').slice(0, 30), ...crowd(60).slice(30)]);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.runs[0]?.held[0]).to.include({ guard: 'deactivations', count: 30, limit: 25 });
    expect(await active(NEXT_DAY)).to.equal(before);
    const one = await project.at(NEXT_DAY, (door) => door.users.show('hr:P1003'));
    expect([one.active, one.attributes.employment]).to.deep.equal([
      true,
      { startDate: '2020-01-01', status: 'terminated' },
    ]);
  });

  it('stops a run whose mapping is broken: nobody changes', async () => {
    await project.hr('2026-03-10', [
      ...HR_ROWS.map((row) => row.replace('Engineering', 'Sales')),
      ...crowd(60, 'Quux'),
    ]);
    const before = await project.at(NEXT_DAY, (door) => door.users.show('hr:E1001'));
    const sync = await project.sync(NEXT_DAY);
    expect([sync.exitCode, sync.runs[0]?.outcome, sync.runs[0]?.error?.code]).to.deep.equal([
      1,
      'stopped',
      'RC_GUARD_QUARANTINE',
    ]);
    expect(await project.at(NEXT_DAY, (door) => door.users.show('hr:E1001'))).to.deep.equal(before);
  });

  it('lets the next read count as whole when its doubt was approved', async () => {
    await project.hr('2026-03-10', [...HR_ROWS, ...crowd(40)]);
    const doubted = await project.sync(NEXT_DAY);
    expect(doubted.runs[0]?.doubts[0]).to.include({ doubt: 'shrunk', before: 63, now: 43 });
    await project.at(NEXT_DAY, async (door) => {
      const [review] = (await door.reviews()).items;
      await door.reviewDecide(review?.id ?? '', 'approve', 'a plant was sold', 'ops');
      const sync = await door.sync();
      expect(sync.runs[0]?.held[0]).to.include({ guard: 'absences', count: 20 });
      expect(sync.runs[0]?.complete).to.equal(true);
    });
  });

  it('lets a person override a value, until an instant', async () => {
    await project.at(NEXT_DAY, async (door) => {
      const { item, runs } = await door.overrides.set('hr:E1003', 'active', true, {
        reason: 'hand-over',
        until: '2026-03-12T00:00:00Z',
        by: 'ops',
      });
      expect(runs[0]?.changes.users.reactivated).to.equal(1);
      const explained = await door.explain('hr:E1003', { attribute: 'active' });
      expect(explained.attributes.active).to.deep.include({ value: true });
      expect((await door.overrides.list()).items.map((entry) => entry.id)).to.deep.equal([item.id]);
    });
    const due = await project.sync('2026-03-12T08:00:00Z');
    expect(due.due).to.deep.include({ users: 1 });
    expect(due.due.changes.users.deactivated).to.equal(1);
    await project.at('2026-03-12T08:00:00Z', async (door) => {
      expect((await door.overrides.list()).items).to.deep.equal([]);
      const [past] = (await door.overrides.list({ all: true })).items;
      expect(past).to.include({ endedAt: '2026-03-12T00:00:00Z', endedReason: 'expired' });
      expect((await door.users.show('hr:E1003')).inactive?.reason).to.equal('terminated');
    });
  });

  it('clears an override at once', async () => {
    await project.at(NEXT_DAY, async (door) => {
      await door.overrides.set('hr:E1001', 'department', 'Board', {
        reason: 'ceo',
        until: '2027-01-01T00:00:00Z',
        by: 'ops',
      });
      expect((await door.users.show('hr:E1001')).attributes.department).to.equal('Board');
      const { item } = await door.overrides.clear({ who: 'hr:E1001', attribute: 'department' }, 'ops');
      expect(item).to.include({ endedReason: 'cleared by ops' });
      expect((await door.overrides.list({ all: true })).items).to.deep.equal([item]);
      expect((await door.users.show('hr:E1001')).attributes.department).to.equal('Engineering');
    });
  });

  for (const [attribute, value, message, mend] of [
    ['active', 'x', 'The value of active must be boolean.', /^Give true or false, without quotes\.$/],
    ['active', null, 'active cannot be empty.', /^Give true or false,/],
    ['custom.costCenter', 5, 'The value of custom.costCenter must be string.', /in JSON stands in double quotes/],
    ['departmnt', 'Board', 'There is no attribute "departmnt".', /^Did you mean "department"\?$/],
    ['nothingLikeIt', 'Board', 'There is no attribute "nothingLikeIt".', /^Use one of: (?!.*groups)(?!.*manager)/],
    ['groups', [], '"groups" cannot be overridden.', /in the directory that has the group/],
  ] as const) {
    it(`refuses ${JSON.stringify(value)} for ${attribute}, says how to do better, and sets nothing`, async () => {
      await project.at(NEXT_DAY, async (door) => {
        const terms = { reason: 'so', until: '2027-01-01T00:00:00Z', by: 'ops' };
        const set = door.overrides.set('hr:E1001', attribute, value as Json, terms);
        const [error] = await rejectionsOf(set);
        expect(error).to.include({ code: 'RC_OVERRIDE_INVALID', exitCode: 64, message });
        expect(error?.mend).to.match(mend);
        expect((await door.overrides.list({ all: true })).items).to.deep.equal([]);
      });
    });
  }

  it('applies a plan from a file: that approves what it would hold', async () => {
    const before = await active(NEXT_DAY);
    await project.hr('2026-03-10', [...HR_ROWS, ...crowd(60).slice(12)]);
    const plan = await project.plan(NEXT_DAY);
    expect(plan.runs[0]?.wouldHold[0]).to.include({ guard: 'absences', count: 12 });
    expect(plan.runs[0]?.changes.users.deactivated).to.equal(0);
    expect(plan.runs[0]?.impact.filter((row) => row.held === true)).to.have.length(12);
    const file = JSON.parse(JSON.stringify(plan)) as typeof plan;
    const applied = await project.at(NEXT_DAY, (door) => door.applyPlan(file));
    expect([applied.exitCode, applied.refused]).to.deep.equal([0, []]);
    expect(applied.runs[0]?.changes.users.deactivated).to.equal(12);
    expect(await active(NEXT_DAY)).to.equal(before - 12);
  });

  it('refuses the rows of a plan that rest on something else by now', async () => {
    const [ada = '', ...others] = HR_ROWS;
    await project.hr('2026-03-10', [ada.replace('Engineering', 'Sales'), ...others, ...crowd(60)]);
    const plan = await project.plan(NEXT_DAY);
    await project.hr('2026-03-11', [ada.replace('Engineering', 'Legal'), ...others, ...crowd(60)]);
    await project.plan(NEXT_DAY);
    const applied = await project.at(NEXT_DAY, (door) => door.applyPlan(plan));
    expect(applied.exitCode).to.equal(3);
    expect(applied.refused.map((row) => row.who.sourceId)).to.deep.equal(['hr:E1001']);
    const still = await project.at(NEXT_DAY, (door) => door.users.show('hr:E1001'));
    expect(still.attributes.department).to.equal('Engineering');
  });

  it('shows a shadow directory without changing anybody, and then goes live', async () => {
    const third = `
  extra:
    connector: csv
    mode: shadow
    settings: { from: { folder: inbox/extra }, files: { user: 'x-*.csv' } }
    mappings: { user: mappings/hr.yaml }
rules:`;
    await project.change('tenants/acme.yaml', '\nrules:', third);
    await project.change('tenants/acme.yaml', 'priority: [hr, it]', 'priority: [hr, it, extra]');
    await project.change('tenants/acme.yaml', 'create: [hr, it]', 'create: [hr, it, extra]');
    await mkdir(path.join(project.folder, 'inbox/extra'));
    await project.write('inbox/extra/x-1.csv', `${HR_HEADER}\nX1;Xenia;Onatopp;;Ops;Active;2020-01-01;\n`);
    await project.apply(NEXT_DAY);
    const sync = await project.sync(NEXT_DAY);
    const shadow = sync.runs.find((run) => run.directory === 'extra');
    expect(shadow?.changes.users.created).to.equal(1);
    expect([shadow?.shadow, shadow?.events, shadow?.pending]).to.deep.equal([true, null, 0]);
    const nobody = await project.at(NEXT_DAY, (door) => door.users.show('extra:X1').catch((error: unknown) => error));
    expect(nobody).to.have.property('code', 'RC_USER_NOT_FOUND');
    await project.change('tenants/acme.yaml', 'mode: shadow', 'mode: live');
    await project.apply(NEXT_DAY);
    await project.sync(NEXT_DAY);
    const user = await project.at(NEXT_DAY, (door) => door.users.show('extra:X1'));
    expect(user.attributes.name).to.deep.equal({ givenName: 'Xenia', familyName: 'Onatopp' });
  });
});
