import { expect } from 'chai';
import type { JsonObject } from '#core/model/json.js';
import { usesServer } from '../../support/servers.js';
import { refusalOf } from '../reading/refusal.js';
import { day, HR_MAPPING, hrRow, itRow, Population, RULES } from '../reading/support.js';
import { addAda, explain, explainOne } from './explain-support.js';

describe('core/history/explain as of a moment', () => {
  let population: Population;
  const one = (attribute: string, at?: string): Promise<JsonObject> => explainOne(population, attribute, at);

  beforeEach(async () => {
    population = await Population.open();
    await population.furnish();
  });
  afterEach(() => population.close());

  it('shows the line of the mapping in force: three lines above move it by three', async () => {
    const { hr } = await addAda(population);
    await population.map('hr', `# one\n# two\n# three\n${HR_MAPPING}`, day(12));
    await population.remap(hr, day(12));
    const winner = (await one('department')).winner as JsonObject;
    expect(winner.mapping).to.deep.include({ line: 11 });
    const before = (await one('department', '2026-03-11T00:00:00Z')).winner as JsonObject;
    expect(before.mapping).to.deep.include({ line: 8 });
  });

  it('answers for a moment by the payloads, links, rules and conflicts of then', async () => {
    const { hr, it } = await addAda(population);
    await population.conflict('cfl-1', 'usr-1', { status: 'closed', closed_at: day(12) });
    await population.rule(RULES.replace('department: { from: [hr, it]', 'department: { from: [it, hr]'), day(12));
    await population.observe(it, itRow({ department: 'Operations' }), day(12));
    await population.settle('usr-1', day(12));
    const now = await one('department');
    const then = await one('department', '2026-03-11T00:00:00Z');
    expect([now.value, now.since, now.conflictId]).to.deep.equal(['Operations', '2026-03-12T08:00:00Z', null]);
    expect(now.rule).to.deep.include({ version: 2 });
    expect([then.value, then.since, then.conflictId]).to.deep.equal(['Engineering', '2026-03-09T08:00:00Z', 'cfl-1']);
    expect(then.rule).to.deep.include({ version: 1 });
    expect(then.winner).to.deep.include({ directory: 'hr', runId: `run-${hr}-1` });
    expect((then.others as JsonObject[]).map(({ value, raw }) => [value, raw])).to.deep.equal([['Platform', itRow()]]);
  });

  it('shows the payload whose consequences were drawn, not one that a plan only read', async () => {
    const { hr } = await addAda(population);
    await population.observe(hr, hrRow({ department: 'Research' }), day(10), { write: false });
    await population.remap(hr, day(12));
    await population.settle('usr-1', day(12));
    const shown = async (at: string): Promise<unknown> => {
      const { value, winner } = await one('department', at);
      return [value, (winner as JsonObject).runId];
    };
    expect(await shown('2026-03-11T00:00:00Z')).to.deep.equal(['Engineering', `run-${hr}-1`]);
    expect(await shown('2026-03-13T00:00:00Z')).to.deep.equal(['Research', `run-${hr}-2`]);
  });

  it('says that a record was away at a moment though it is back', async () => {
    const { hr } = await addAda(population);
    await population.gone(hr, 'absent', day(10));
    await population.settle('usr-1', day(10));
    await population.back(hr);
    await population.settle('usr-1', day(12));
    const then = await one('active', '2026-03-11T00:00:00Z');
    expect([then.value, then.reason]).to.deep.equal([false, 'absent']);
    expect(then.winner).to.deep.include({
      directory: 'hr',
      vote: 'deny',
      value: false,
      gone: { reason: 'absent', at: '2026-03-10T08:00:00Z' },
    });
    const now = await one('active');
    expect([now.value, (now.winner as JsonObject).vote]).to.deep.equal([true, 'allow']);
  });

  it('keeps the last good value of a claim that fails, now and as of then', async () => {
    const { hr } = await addAda(population);
    await population.observe(hr, hrRow({ hire_date: 'soon' }), day(11));
    await population.settle('usr-1', day(11));
    await population.observe(hr, hrRow({ hire_date: '2020-02-01' }), day(13));
    await population.settle('usr-1', day(13));
    const then = await one('employment.startDate', '2026-03-12T00:00:00Z');
    expect([then.value, then.state]).to.deep.equal(['2020-01-06', 'unknown']);
    const winner = then.winner as JsonObject;
    expect(winner.raw).to.deep.include({ hire_date: 'soon' });
    expect(winner.unknown).to.deep.include({ since: '2026-03-11T08:00:00Z', code: 'RC_CLAIM_INVALID' });
    expect(await one('employment.startDate')).to.deep.include({ value: '2020-02-01', state: 'known' });
  });

  it('answers for the user that a record belonged to at a moment', async () => {
    const { it } = await addAda(population);
    await population.link(it, 'usr-2', day(12), 'person');
    const now = (await one('department')).others as JsonObject[];
    const then = (await one('department', '2026-03-11T00:00:00Z')).others as JsonObject[];
    expect([now.length, then.length]).to.deep.equal([0, 1]);
  });

  it('refuses an attribute that does not exist, and a moment before the user was made', async () => {
    await addAda(population);
    const unknown = await refusalOf(explain(population, { attribute: 'departement' }));
    expect([unknown.code, unknown.exitCode, unknown.mend]).to.deep.equal([
      'RC_USAGE_ATTRIBUTE',
      64,
      'Did you mean "department"?',
    ]);
    const early = await refusalOf(explain(population, { at: '2026-03-09T07:00:00Z' }));
    expect([early.code, early.exitCode, early.where]).to.deep.equal(['RC_USER_NOT_FOUND', 1, { tenant: 'acme' }]);
    expect(early.mend).to.contain('2026-03-09T08:00:00Z');
  });
});

describe('core/history/explain as of a moment on PostgreSQL', () => {
  usesServer('postgresql');

  it('answers now and as of then', async () => {
    const population = await Population.openOnPostgresql();
    try {
      await population.furnish();
      const { hr } = await addAda(population);
      await population.review('rev-1', { opened_at: day(10) });
      await population.hold('rev-1', hr);
      await population.observe(hr, hrRow({ department: 'Research' }), day(12));
      await population.settle('usr-1', day(12));
      const valueAt = async (at: string): Promise<unknown> => {
        const { value, winner, since } = await explainOne(population, 'department', at);
        return [value, (winner as JsonObject).runId, since];
      };
      expect(await valueAt('2026-03-21T00:00:00Z')).to.deep.equal(['Research', `run-${hr}-2`, '2026-03-12T08:00:00Z']);
      expect(await valueAt('2026-03-11T00:00:00Z')).to.deep.equal([
        'Engineering',
        `run-${hr}-1`,
        '2026-03-09T08:00:00Z',
      ]);
    } finally {
      await population.close();
    }
  });
});
