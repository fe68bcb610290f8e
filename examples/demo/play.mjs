/** Plays the story: each day the offices deliver, one sync reads for both tenants, and the narrator tells. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { deliver } from './exports.mjs';
import { eventLine, explainLines, isQuiet, nameOf, runLine, totalLine, troubleLines } from './narrator.mjs';
import { Company, randomFrom } from './people.mjs';
import { foldersOf, writeProject } from './project.mjs';
import { rollcall } from './rollcall.mjs';
import { startSftpServer } from './sftp-server.mjs';
import { storyOf } from './story.mjs';

const leads = { acme: 'HR leads', globex: 'IT leads' };
/** Sync ends with 3 on doubted files. */
const expected = [0, 3, 4];

const opening = [
  'Two customers read the same three exports of one company: HR over SFTP, IT accounts and the identity provider.',
  'Their rules are opposite. For acme HR leads: whom HR lets go is inactive. For globex IT leads: who has an account is active.',
  'One sync a day reads for both. The lines show acme; the last of each day sums up globex.',
];

export async function play({ seed, days, project, say }) {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(path.dirname(project), { recursive: true });
  const server = await startSftpServer(path.join(project, 'sftp'));
  try {
    await rollcall(['init', project], { now: '2026-03-02T00:00:00Z' });
    writeProject(project, server);
    await rollcall(['apply', '--yes'], { project, now: '2026-03-02T00:00:00Z' });
    await new Play({ project, say }).tell(new Company(randomFrom(seed)), days);
  } finally {
    await server.stop();
  }
}

class Play {
  #project;
  #say;
  #folders;
  #lastEvent = 0;

  constructor({ project, say }) {
    this.#project = project;
    this.#say = say;
    this.#folders = foldersOf(project);
  }

  /** While one day is told, the next one is read already. */
  async tell(company, days) {
    for (const line of opening) this.#say(line);
    let last;
    let told = Promise.resolve();
    for (const day of storyOf(company, days)) {
      deliver({ folders: this.#folders, company, ...day });
      const sync = rollcall(['sync'], { project: this.#project, now: this.#nowOf(day), expected });
      const [{ runs }] = await Promise.all([sync, told]);
      told = this.#day(day, runs);
      last = day;
    }
    await told;
    await this.#end(`hr:${last.leaver}`, this.#nowOf(last));
  }

  #nowOf({ date }) {
    return `${date}T18:00:00Z`;
  }

  async #day(day, runs) {
    this.#say(`\n${weekday(day.date)} ${day.date}. ${day.title}`);
    const of = (name) => runs.filter(({ tenant, directory }) => tenant === name && directory);
    for (const run of of('acme')) {
      this.#say(`  ${runLine(run)}`);
      for (const line of troubleLines(run)) this.#say(`  ${line}`);
    }
    await this.#people(day, runs);
    this.#say(`  Globex, from the same files: ${totalLine(of('globex'))}.`);
  }

  /** What happened to whom, as acme sees it. On the first day only those whom HR does not know. */
  async #people(day, runs) {
    const ofAcme = runs.filter(({ tenant, events }) => tenant === 'acme' && events);
    if (ofAcme.every((run) => isQuiet(run))) return;
    const it = ofAcme.find(({ directory }) => directory === 'it');
    const filter =
      day.no === 1
        ? ['--after', String(it.events.first - 1), '--type', 'user.created']
        : ['--after', String(this.#lastEvent)];
    this.#lastEvent = Math.max(...ofAcme.map(({ events }) => events.last));
    const answer = await this.#ask(['events', 'list', ...filter, '--limit', '1000'], 'acme', this.#nowOf(day));
    const items = answer.items.filter(({ sequence }) => sequence <= this.#lastEvent);
    if (day.no === 1 && items.length > 0)
      this.#say(`  HR has never heard of: ${items.map(({ data }) => nameOf(data)).join(', ')}.`);
    else for (const line of new Set(items.map(eventLine).filter(Boolean))) this.#say(`  ${line}`);
  }

  async #end(leaver, now) {
    this.#say('\nWhy is the one who left on Friday inactive? The same files, two answers:');
    for (const [tenant, who] of Object.entries(leads)) {
      const [{ user }, answer] = await Promise.all([
        this.#ask(['users', 'show', leaver], tenant, now),
        this.#ask(['explain', leaver, '--attribute', 'active'], tenant, now),
      ]);
      this.#say(`\n${tenant} (${who}): rollcall explain ${leaver} --attribute active --tenant ${tenant}`);
      for (const line of explainLines(user, answer)) this.#say(line);
    }
  }

  #ask(args, tenant, now) {
    return rollcall([...args, '--tenant', tenant], { project: this.#project, now });
  }
}

function weekday(date) {
  return new Date(`${date}T12:00:00Z`).toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
}
