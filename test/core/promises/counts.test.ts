import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { onBothStores } from '../../support/stores.js';
import { crowd, ListProject, person } from './list-project.js';
import { installRowLog, takeRowLog, type RowCounts } from './row-log.js';

const FIRST = '2026-03-09T08:00:00Z';
const SECOND = '2026-03-10T08:00:00Z';

/** What one sync did. */
interface Cost {
  statements: string[];
  rows: RowCounts;
  same: number;
}

/** What a read writes that finds nothing new, whatever its size. */
const STANDING: RowCounts = {
  'accepted UPDATE': 1,
  'directory UPDATE': 1,
  'lease UPDATE': 2,
  'run INSERT': 1,
  'run UPDATE': 1,
  'tenant UPDATE': 1,
  'watermark UPDATE': 1,
};

onBothStores('what a sync costs', (kind) => {
  let project: ListProject;

  async function begin(): Promise<void> {
    project = await ListProject.create(kind);
    await project.inStore(installRowLog);
    await project.apply(FIRST);
  }

  beforeEach(begin);

  afterEach(() => project.remove());

  /** Has a crowd synced, then counts the statements and rows of the next sync. */
  async function cost(size: number, change: (people: JsonObject[]) => void = () => undefined): Promise<Cost> {
    project.people = crowd(size);
    await project.sync(FIRST);
    change(project.people);
    await project.inStore(takeRowLog);
    const statements: string[] = [];
    const sync = await project.sync(SECOND, (text) => statements.push(text));
    expect(sync.runs.map((run) => run.outcome)).to.deep.equal(['finished']);
    return { statements, rows: await project.inStore(takeRowLog), same: sync.runs[0]?.records.same ?? 0 };
  }

  it('reads once a page and writes the same few rows where nobody changed', async () => {
    const { statements, rows, same } = await cost(2_500);
    print(`${kind.name}, 2500 people, nothing new: ${reads(statements).length} reads, rows ${told(rows)}`);
    expect(same).to.equal(2_500);
    expect(rows).to.deep.equal(STANDING);
    expect(lookUps(statements)).to.have.length(3);
    await project.remove();
    await begin();
    const small = await cost(250);
    print(
      `${kind.name}, 250 people, nothing new: ${small.statements.length} statements, ${reads(small.statements).length} reads, rows ${told(small.rows)}`,
    );
    expect(small.same).to.equal(250);
    expect(small.rows).to.deep.equal(rows);
    // Two pages more are two statements more, and nothing else.
    expect(reads(statements).length).to.equal(reads(small.statements).length + 2);
    expect(statements.length).to.equal(small.statements.length + 2);
    // A directory without news is looked at every few minutes: what that costs is counted, transactions included.
    expect(small.statements.length).to.be.at.most(40);
  });

  it('writes seven rows a person where 100 of 2,500 changed', async () => {
    const { rows, statements } = await cost(2_500, (people) => {
      for (let n = 0; n < 100; n++) people[n * 25] = person(n * 25 + 1, { department: 'Moved' });
    });
    const ofPeople = {
      'source_record UPDATE': 200,
      'payload INSERT': 100,
      'claims UPDATE': 100,
      'user UPDATE': 100,
      'change INSERT': 100,
      'event INSERT': 100,
    };
    print(`${kind.name}, 100 of 2500 changed: ${statements.length} statements, rows ${told(rows)}`);
    // The one batch takes the numbers of its events from the tenant's row, and tells the guards in the run's.
    expect(ofRecords(rows)).to.deep.equal({ ...STANDING, ...ofPeople, 'tenant UPDATE': 2, 'run UPDATE': 2 });
  });

  it('writes as much for 100 of 500 as for 100 of 2,500', async () => {
    const { rows } = await cost(500, (people) => {
      for (let n = 0; n < 100; n++) people[n * 5] = person(n * 5 + 1, { department: 'Moved' });
    });
    expect(Object.values(ofRecords(rows)).reduce((total, count) => total + count, 0)).to.equal(700 + 10);
  });
});

/** Fields of a record: what is known of each is one row, and may be one finding, whatever the number of people. */
const FIELDS = 4;

/** The rows without those of the fields, which are bounded apart. */
function ofRecords(rows: RowCounts): RowCounts {
  const isOfField = (written: string): boolean => /^(field_stat|finding) /.test(written);
  const ofFields = Object.entries(rows).filter(([written]) => isOfField(written));
  for (const [written, count] of ofFields) expect(count, written).to.be.at.most(FIELDS);
  return Object.fromEntries(Object.entries(rows).filter(([written]) => !isOfField(written)));
}

const reads = (statements: readonly string[]): string[] => statements.filter((text) => /^\s*SELECT/i.test(text));

/** The batched look-ups of records by source id. */
const lookUps = (statements: readonly string[]): string[] =>
  reads(statements).filter((text) => text.includes('source_record') && text.includes('json'));

function told(rows: RowCounts): string {
  return Object.entries(rows)
    .map(([written, count]) => `${written} ${count}`)
    .join(', ');
}

function print(line: string): void {
  process.stdout.write(`    ${line}\n`);
}
