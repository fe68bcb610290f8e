import type { PlanDocument, SyncDocument } from '@rollcall/core';
import { expect } from 'chai';
import { rm } from 'node:fs/promises';
import {
  everybody,
  lastSequence,
  NO_CHANGES,
  runOf,
  syncNextDay,
  userOf,
  type ErrorAnswer,
  type Lists,
  type UserAnswer,
} from './cli-documents.js';
import {
  appliedProject,
  hrFile,
  NEXT_DAY,
  nextHr,
  removesProjects,
  syncedProject,
  type RunOptions,
  type TestProject,
} from './support.js';

const tomorrow = { now: NEXT_DAY };
const whoIn = (plan: PlanDocument): string[] =>
  plan.runs.flatMap(({ impact }) => impact.map(({ who }) => who.sourceId)).sort();

async function userAt(project: TestProject, who: string, clock: RunOptions): Promise<UserAnswer['user']> {
  return (await project.json<UserAnswer>(['users', 'show', who], 0, clock)).user;
}

/** HR with many people more, so that guards have something to count. */
function crowd(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, at) => `E${at + 2001};First;Last${at};p${at}@acme.example;Research;Active;2020-01-06;`,
  );
  return hrFile() + rows.join('\n') + '\n';
}

describe('e2e/cli-contract: plans and decisions', () => {
  removesProjects();
  let project: TestProject;
  beforeEach(async () => {
    project = await syncedProject();
  });

  it('plans a termination, changes nobody, and lets sync apply it', async () => {
    const before = await everybody(project);
    const sequence = await lastSequence(project);
    await nextHr(project, hrFile({ E1001: { status: 'Terminated' } }));
    const plan = await project.json<PlanDocument>(['plan', '--detailed-exitcode'], 2, tomorrow);
    expect(plan).to.deep.include({ format: 'rollcall.plan/1', exitCode: 2 });
    expect(whoIn(plan)).to.deep.equal(['hr:E1001']);
    const [item] = plan.runs.flatMap(({ impact }) => impact);
    expect(item).to.deep.include({ kind: 'user.deactivated', who: { sourceId: 'hr:E1001', name: 'Ada Lovelace' } });
    expect(item?.attributes.find(({ attribute }) => attribute === 'active')).to.deep.include({
      from: true,
      to: false,
      reason: 'terminated',
      directory: 'hr',
    });
    expect(await everybody(project)).to.deep.equal(before);
    expect(await lastSequence(project)).to.equal(sequence);

    const run = runOf(await syncNextDay(project, 0), 'hr');
    expect(run.records.read).to.equal(0);
    expect(run.source[0]?.alreadyAccepted).to.equal(true);
    expect(run.changes.users.deactivated).to.equal(1);
    expect((await userOf(project, 'hr:E1001')).inactive?.reason).to.equal('terminated');
  });

  it('exits with 0 where nothing would change, and without --detailed-exitcode', async () => {
    expect(whoIn(await project.json<PlanDocument>(['plan', '--detailed-exitcode'], 0))).to.deep.equal([]);
    await nextHr(project, hrFile({ E1001: { department: 'Finance' } }));
    await project.json<PlanDocument>(['plan'], 0, tomorrow);
  });

  it('applies exactly what a plan in a file showed', async () => {
    await nextHr(project, hrFile({ E1001: { department: 'Finance' } }));
    await project.json<PlanDocument>(['plan', '--out', 'plan.json'], 0, tomorrow);
    const document = await project.json<SyncDocument & { refused: unknown[] }>(
      ['apply', 'plan.json', '--yes'],
      0,
      tomorrow,
    );
    expect(document).to.deep.include({ format: 'rollcall.apply/1', refused: [] });
    expect((await userOf(project, 'hr:E1001')).attributes.department).to.equal('Finance');
  });

  it('refuses the rows whose inputs have changed since', async () => {
    await nextHr(project, hrFile({ E1001: { department: 'Finance' } }));
    await project.json<PlanDocument>(['plan', '--out', 'plan.json'], 0, tomorrow);
    await nextHr(project, hrFile({ E1001: { department: 'Legal' } }));
    await project.json(['sync', '--full'], 0, tomorrow);
    const document = await project.json<{ refused: { who: { sourceId: string } }[] }>(
      ['apply', 'plan.json', '--yes'],
      3,
      tomorrow,
    );
    expect(document.refused.map(({ who }) => who.sourceId)).to.deep.equal(['hr:E1001']);
    expect((await userOf(project, 'hr:E1001')).attributes.department).to.equal('Legal');
  });

  it('does not take any other file for a plan', async () => {
    const answer = await project.json<ErrorAnswer>(['apply', 'tenants/acme.yaml', '--yes'], 1);
    expect(answer.error.code).to.equal('RC_PLAN_INVALID');
  });

  it('derives again after a mapping changed, without the source', async () => {
    await project.edit('mappings/hr.yaml', (text) =>
      text.replace('department: department', 'department: $uppercase(department)'),
    );
    await project.json(['apply', '--yes'], 0, tomorrow);
    await rm(project.file('inbox/hr/hr-2026-03-09.csv'));
    const plan = await project.json<PlanDocument>(['rederive', '--plan', '--detailed-exitcode'], 2, tomorrow);
    expect(plan.format).to.equal('rollcall.plan/1');
    expect(whoIn(plan)).to.deep.equal(['hr:E1001', 'hr:E1002', 'hr:E1003']);
    expect((await userOf(project, 'hr:E1001')).attributes.department).to.equal('Engineering');
    await project.json(['rederive'], 0, tomorrow);
    const ada = await userOf(project, 'hr:E1001');
    expect(ada.attributes.department).to.equal('ENGINEERING');
    const { items } = await project.json<Lists['history']>(
      ['history', 'hr:E1001', '--attribute', 'department'],
      0,
      tomorrow,
    );
    const [first, last] = [items[0], items.at(-1)];
    expect(last).to.deep.include({ from: 'Engineering', to: 'ENGINEERING' });
    expect(last?.cause.trigger).to.equal('mapping');
    expect(last?.cause.mappingVersion).to.not.equal(first?.cause.mappingVersion);
  });

  it('plans other rules against everybody, and saves nothing', async () => {
    const tenant = await project.read('tenants/acme.yaml');
    const rules = tenant
      .slice(tenant.indexOf('\nrules:') + 1)
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^ {2}/, ''))
      .join('\n');
    await project.write('other.yaml', rules.replace('department: { from: [hr, it]', 'department: { from: [it, hr]'));
    const plan = await project.json<PlanDocument>(['rules', 'plan', 'other.yaml', '--detailed-exitcode'], 2);
    expect(plan.format).to.equal('rollcall.plan/1');
    expect(whoIn(plan)).to.deep.equal(['hr:E1001']);
    expect((await userOf(project, 'hr:E1001')).attributes.department).to.equal('Engineering');
    const again = await project.json<SyncDocument>(['sync', '--full'], 0);
    for (const run of again.runs) expect(run.changes).to.deep.equal(NO_CHANGES);
  });

  it('holds a mass departure until a person approves it', async () => {
    project = await appliedProject();
    await project.write('inbox/hr/hr-2026-03-09.csv', crowd(40));
    await project.json(['sync'], 0);
    await project.write(
      'inbox/hr/hr-2026-03-10.csv',
      crowd(40).replaceAll(';Active;2020-01-06', ';Terminated;2020-01-06'),
    );
    const held = await project.json<SyncDocument>(['sync'], 3, { now: '2026-03-10T08:00:00Z' });
    const run = runOf(held, 'hr');
    expect(run.outcome).to.equal('held');
    expect(run.held.map(({ guard }) => guard)).to.deep.equal(['deactivations']);
    const now = { now: '2026-03-10T09:00:00Z' };
    const list = await project.json<Lists['reviews']>(['review', 'list'], 0, now);
    expect(list).to.deep.include({ format: 'rollcall.reviews/1', next: null });
    const review = list.items.find(({ kind }) => kind === 'guard');
    expect(review).to.deep.include({
      status: 'open',
      guard: 'deactivations',
      directory: 'hr',
      decidedBy: null,
      reason: null,
    });
    expect((await userAt(project, 'hr:E2010', now)).active).to.equal(true);
    await project.json(['review', 'approve', review?.id ?? '', '--reason', 'the site was closed'], 0, now);
    expect((await userAt(project, 'hr:E2010', now)).active).to.equal(false);
    const all = await project.json<Lists['reviews']>(['review', 'list', '--all'], 0, now);
    expect(all.items.find(({ id }) => id === review?.id)).to.deep.include({
      status: 'approved',
      reason: 'the site was closed',
    });
  });

  it('sets a value by hand at once, lists it, and lets the directories speak again', async () => {
    const set = ['override', 'set', 'hr:E1003', 'active', 'true', '--reason', 'handover', '--until', '2026-04-01'];
    await project.json(set, 0, tomorrow);
    const alan = await userOf(project, 'hr:E1003');
    expect(alan.active).to.equal(true);
    const { items } = await project.json<{ items: { id: string; attribute: string; reason: string }[] }>(
      ['override', 'list'],
      0,
      tomorrow,
    );
    expect(items).to.have.length(1);
    expect(items[0]).to.deep.include({ attribute: 'active', reason: 'handover' });
    await project.json(['override', 'clear', items[0]?.id ?? ''], 0, tomorrow);
    expect((await userOf(project, 'hr:E1003')).inactive?.reason).to.equal('terminated');
  });

  it('names the line of what could not be used', async () => {
    await nextHr(project, hrFile({ E1001: { hire_date: 'soon' } }));
    await syncNextDay(project, 4);
    const { format, items } = await project.json<Lists['quarantine'] & { format: string }>(
      ['quarantine', 'list'],
      0,
      tomorrow,
    );
    expect(format).to.equal('rollcall.quarantine/1');
    expect(items).to.have.length(1);
    expect(items[0]).to.deep.include({
      directory: 'hr',
      kind: 'user',
      sourceId: 'E1001',
      record: { file: 'hr-2026-03-10.csv', line: 2 },
      code: 'RC_CLAIM_INVALID',
      attribute: 'employment.startDate',
      lastGoodKept: true,
    });
    expect(items[0]?.mapping).to.deep.include({ name: 'hr', file: 'mappings/hr.yaml', line: 13 });
  });
});
