import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRollcall, readProject, type Rollcall, type TenantDoor, type UserDocument } from '#core/index.js';
import csv from '#csv/index.js';
import { root } from '../scripts/run-script.js';

type Play = (story: { seed: number; days: number; project: string; say: (line: string) => void }) => Promise<void>;

/** Five days end with the Friday on which HR lets somebody go. */
const days = 5;
const seed = 7;

describe('npm run demo', () => {
  let folder: string;
  let rollcall: Rollcall;
  let acme: TenantDoor;
  let people: UserDocument[];
  const lines: string[] = [];

  before(async function () {
    this.timeout(600_000);
    folder = mkdtempSync(path.join(tmpdir(), 'rollcall-demo-'));
    const project = path.join(folder, 'project');
    const { play } = (await import(pathToFileURL(path.join(root, 'examples/demo/play.mjs')).href)) as { play: Play };
    await play({ seed, days, project, say: (line) => lines.push(...line.split('\n')) });
    const configuration = await readProject(project, { resolveFrom: import.meta.url });
    const store = { client: 'sqlite3', file: path.join(project, '.rollcall/rollcall.db') } as const;
    rollcall = await createRollcall({ store, connectors: [csv], root: project, configuration });
    acme = await rollcall.tenant('acme');
    people = (await acme.users.list({ limit: 1000 })).items;
  });

  after(async () => {
    await rollcall.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const said = (pattern: RegExp): string[][] =>
    lines.flatMap((line) => {
      const found = pattern.exec(line);
      return found === null ? [] : [found.slice(1)];
    });

  const called = (name: string): UserDocument => {
    const found = people.filter(({ attributes }) => attributes.displayName === name || fullName(attributes) === name);
    const [user] = found;
    if (user === undefined || found.length > 1) throw new Error(`${name} names ${found.length} people`);
    return user;
  };

  it('says who became inactive, and why, as the database has it', () => {
    const inactive = said(/^ {2}(.+) is inactive: (\w+)/);
    expect(inactive).to.have.lengthOf(2);
    for (const [name = '', reason] of inactive) expect(called(name).inactive?.reason).to.equal(reason);
  });

  it('says who is new and who moved, as the database has it', () => {
    const newcomers = said(/^ {2}(.+) is new in (\w+)/);
    const moved = said(/^ {2}(.+) works in (\w+) now\.$/);
    expect(newcomers).to.have.lengthOf(3);
    expect(moved).to.have.lengthOf(2);
    for (const [name = '', department] of [...newcomers, ...moved])
      expect(called(name).attributes.department).to.equal(department);
    const [[withoutEmail = ''] = []] = said(/^ {2}(.+) is new in \w+, without an e-mail address\.$/);
    expect(called(withoutEmail).attributes.emails ?? null).to.equal(null);
  });

  it('counts as many people as there are, and names those whom HR does not know', () => {
    const created = said(/: \d+ records? read.* (\d+) users? created/).map(([count]) => Number(count));
    expect(created.reduce((sum, count) => sum + count, 0)).to.equal(people.length);
    const strangers = people.filter(({ records }) => !records.some(({ directory }) => directory === 'hr'));
    const [[names = ''] = []] = said(/^ {2}HR has never heard of: (.+)\.$/);
    expect(names.split(', ').sort()).to.deep.equal(strangers.map(({ attributes }) => attributes.userName).sort());
  });

  it('tells each disagreement as the database has it', async () => {
    const { items } = await acme.conflicts({ limit: 1000 });
    const told = said(/^ {2}(.+), (\w+): (\w+) says (\S+) and wins, (\w+) says (\S+?)[.,]/);
    expect(told).to.have.lengthOf(3);
    for (const [name, attribute, winner, value] of told) {
      const conflict = items.find((item) => item.who.name === name && item.attribute === attribute);
      const wins = conflict?.claims.find((claim) => claim.wins);
      expect(wins?.directory).to.equal(winner);
      expect(attribute === 'active' ? (wins?.value ? 'active' : 'inactive') : wins?.value).to.equal(value);
    }
  });

  it('ends with two answers about the one who left, each as explain gives it', async () => {
    const [[who = ''] = []] = said(/rollcall explain (hr:\w+) --attribute active --tenant acme$/);
    const globex = await rollcall.tenant('globex');
    expect((await acme.users.show(who)).inactive?.reason).to.equal('terminated');
    expect((await globex.users.show(who)).active).to.equal(true);
    const { attributes } = await acme.explain(who, { attribute: 'active' });
    const { winner, conflictId } = attributes.active as {
      winner: { sourceId: string; record: { file: string; line: number }; mapping: { file: string; line: number } };
      conflictId: string;
    };
    const { record, mapping } = winner;
    expect(lines).to.include(
      `  hr says inactive: record ${winner.sourceId}, ${record.file} line ${record.line}, read by ${mapping.file} line ${mapping.line}`,
    );
    expect(lines).to.include(`  the disagreement is open as ${conflictId}`);
    expect(lines)
      .to.include("  hr says otherwise; this tenant's rules do not ask there")
      .and.not.include('  nobody disagrees');
  });

  it('passes over the half-uploaded file, and nobody changes', () => {
    const day = lines.slice(lines.findIndex((line) => line.startsWith('Wednesday')));
    expect(day[1]).to.equal('  hr   finished: nothing read; nobody changes');
    expect(day[2]).to.match(/hr-2026-03-04\.csv is not ready/);
  });
});

function fullName(attributes: UserDocument['attributes']): string {
  const { givenName, familyName } = (attributes.name ?? {}) as { givenName?: string; familyName?: string };
  return [givenName, familyName].filter(Boolean).join(' ');
}
