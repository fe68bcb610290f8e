import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Rollcall, TenantDoor } from '#core/api.js';
import { initProject } from '#core/configuration/init-project.js';
import { readProject } from '#core/configuration/read-project.js';
import { createRollcall } from '#core/runtime.js';
import { Store } from '#core/store/store.js';
import csv from '#csv/index.js';

/** The contract's fixture as a project of its own, with a clock that the test sets. */
export class Project {
  readonly root: string;
  readonly #rollcall: Rollcall;
  readonly #clock: { at: string };

  private constructor(root: string, rollcall: Rollcall, clock: { at: string }) {
    this.root = root;
    this.#rollcall = rollcall;
    this.#clock = clock;
  }

  /** Initialised and applied; nothing is read yet. */
  static async open(): Promise<Project> {
    const root = mkdtempSync(path.join(tmpdir(), 'rollcall-project-'));
    await initProject(root, { example: true });
    const clock = { at: '2026-03-09T08:00:00Z' };
    const { store } = await readProject(root);
    if (store.client !== 'sqlite3') throw new Error('The template is expected to be on SQLite.');
    const rollcall = await createRollcall({
      store,
      connectors: [csv],
      root,
      clock: { now: () => new Date(clock.at) },
    });
    const project = new Project(root, rollcall, clock);
    await project.apply();
    return project;
  }

  /** A second connection, to look at rows. */
  openStore(): Store {
    return new Store({ client: 'sqlite3', file: path.join(this.root, '.rollcall', 'rollcall.db') });
  }

  async apply(): Promise<void> {
    await this.#rollcall.apply(await readProject(this.root));
  }

  door(): Promise<TenantDoor> {
    return this.#rollcall.tenant('acme');
  }

  at(instant: string): void {
    this.#clock.at = instant;
  }

  /** Syncs at 08:00 of a day in March 2026, after a newer HR file where one is given. */
  async sync(day: number, hr?: string): Promise<void> {
    const date = `2026-03-${String(day).padStart(2, '0')}`;
    this.at(`${date}T08:00:00Z`);
    if (hr !== undefined) writeFileSync(path.join(this.root, 'inbox', 'hr', `hr-${date}.csv`), hr);
    const tenant = await this.door();
    const { runs } = await tenant.sync();
    for (const { error } of runs) if (error !== null) throw new Error(`${error.code}: ${error.message}`);
  }

  get hrFile(): string {
    return readFileSync(path.join(this.root, 'inbox', 'hr', 'hr-2026-03-09.csv'), 'utf8');
  }

  edit(file: string, change: (text: string) => string): void {
    const absolute = path.join(this.root, file);
    writeFileSync(absolute, change(readFileSync(absolute, 'utf8')));
  }

  rename(file: string, to: string): void {
    renameSync(path.join(this.root, file), path.join(this.root, to));
  }

  async close(): Promise<void> {
    await this.#rollcall.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
