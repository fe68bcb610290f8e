import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import csv from '@rollcall/connector-csv';
import {
  createRollcall,
  readProject,
  type PlanDocument,
  type Rollcall,
  type SyncDocument,
  type TenantDoor,
} from '@rollcall/core';
import type { TestStore } from '../support/stores.js';
import { history, type Options } from './history.js';
import { accept, NOTHING, type Override, type Truth } from './oracle.js';
import type { Step } from './people.js';
import { expectedPeople, storedPeople } from './told.js';
import { DIRECTORIES, MAPPING_FILES, TENANTS, tenantFile } from './world.js';

type TenantName = keyof typeof TENANTS;
const NAMES = Object.keys(TENANTS) as TenantName[];

/** What a replay did, for the figures. */
export interface Replayed {
  steps: number;
  syncs: number;
  plans: number;
  events: number;
}

/**
 * Plays one history on a store of its own, through the public door alone, and compares the population with the oracle
 * after every step; holds P1 to P9 of docs/how-it-is-tested.md as far as a single process shows them. Every third step
 * is planned first: what the plan shows is what the sync then does. Every seventh step is played twice, every eleventh
 * with Rollcall closed and opened again in between.
 *
 * @throws an assertion that names seed and step.
 */
export async function replay(seed: number, store: TestStore, options: Options = {}): Promise<Replayed> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-simulation-'));
  const playing = new Playing(seed, folder, store);
  try {
    await playing.begin();
    for (const [n, step] of history(seed, options).entries()) await playing.play(n, step);
    return playing.figures;
  } finally {
    await playing.end();
    await rm(folder, { recursive: true, force: true });
  }
}

class Playing {
  readonly figures: Replayed = { steps: 0, syncs: 0, plans: 0, events: 0 };
  readonly #seed: number;
  readonly #folder: string;
  readonly #store: TestStore;
  readonly #overrides: Override[] = [];
  #truth: Truth = NOTHING;
  #now = '2026-03-09T00:00:00.000Z';
  #rollcall: Rollcall | null = null;

  constructor(seed: number, folder: string, store: TestStore) {
    this.#seed = seed;
    this.#folder = folder;
    this.#store = store;
  }

  async begin(): Promise<void> {
    await writeProject(this.#folder);
    const rollcall = await this.#open();
    await rollcall.apply(await readProject(this.#folder));
  }

  async play(n: number, step: Step): Promise<void> {
    const where = `seed ${String(this.#seed)}, step ${String(n)} (${step.what}) at ${step.at}`;
    this.#now = step.at;
    if (n % 11 === 10) await this.#reopen();
    for (const evidence of step.evidence) this.#truth = accept(this.#truth, evidence);
    if (step.override !== undefined) this.#overrides.push(step.override);
    for (const tenant of NAMES) {
      for (const file of step.files)
        await writeFile(path.join(this.#folder, 'inbox', tenant, file.directory, file.name), file.text);
      await this.#sync(tenant, n, step, where);
      await this.#compare(tenant, step, where);
    }
    this.figures.steps += 1;
  }

  async #sync(tenant: TenantName, n: number, step: Step, where: string): Promise<void> {
    const door = await this.#door(tenant);
    const plan = n % 3 === 0 ? await door.plan() : null;
    const sync = await door.sync();
    this.figures.syncs += 1;
    for (const run of sync.runs) expect(run.error?.code ?? '', `${where}, ${tenant}`).to.not.equal('RC_UNEXPECTED');
    expect(
      this.#allowedExits(step),
      `${where}, ${tenant}: exit ${String(sync.exitCode)} ${JSON.stringify(sync.runs.map((run) => run.error))}`,
    ).to.satisfy((codes: Set<number>) => codes.has(sync.exitCode));
    if (plan !== null) this.#samePlan(plan, sync, `${where}, ${tenant}`);
    if (step.override !== undefined) await this.#override(door, step.override);
    if (n % 7 === 6) await this.#again(door, sync, `${where}, ${tenant}, again`);
  }

  /** What the newest file of each directory may lead to: one that is doubted or broken stays so until a better one comes. */
  #allowedExits(step: Step): Set<number> {
    for (const { directory } of step.files) this.#standing.set(directory, step.exits);
    return new Set([...step.exits, ...[...this.#standing.values()].flat()]);
  }
  readonly #standing = new Map<string, readonly number[]>();

  /** What a plan shows is what the sync that follows does. */
  #samePlan(plan: PlanDocument, sync: SyncDocument, where: string): void {
    this.figures.plans += 1;
    expect(sync.due.changes, `${where}: due`).to.deep.equal(plan.due.changes);
    const directories = (runs: SyncDocument['runs']): unknown[] =>
      runs.map((run) => [run.directory, run.changes, run.conflicts]);
    expect(directories(sync.runs), `${where}: plan`).to.deep.equal(directories(plan.runs));
  }

  /** The same again writes no change and no event. */
  async #again(door: TenantDoor, before: SyncDocument, where: string): Promise<void> {
    const again = await door.sync({ full: true });
    for (const [n, run] of again.runs.entries()) {
      if (run.outcome === 'failed') continue;
      expect([run.changes.users, run.events], where).to.deep.equal([NO_USERS, null]);
      expect(run.outcome, where).to.equal(before.runs[n]?.outcome);
    }
  }

  async #override(door: TenantDoor, override: Override): Promise<void> {
    const { record, attribute, value, until } = override;
    await door.overrides.set(record, attribute, value as never, { reason: 'simulated', until, by: 'simulation' });
  }

  async #compare(tenant: TenantName, step: Step, where: string): Promise<void> {
    const door = await this.#door(tenant);
    const people = await storedPeople(door);
    expect(people, `${where}, ${tenant}`).to.deep.equal(
      expectedPeople(this.#truth, TENANTS[tenant], this.#overrides, step.at),
    );
    await this.#checkInvariants(door, `${where}, ${tenant}`);
  }

  /** Events are gap-free. */
  async #checkInvariants(door: TenantDoor, where: string): Promise<void> {
    const last = this.#lastSequence.get(door.tenant) ?? 0;
    const events = (await door.events({ after: last, limit: 1000 })).items;
    expect(
      events.map((event) => event.sequence),
      where,
    ).to.deep.equal(events.map((_, n) => last + n + 1));
    this.#lastSequence.set(door.tenant, last + events.length);
    this.figures.events += events.length;
  }
  readonly #lastSequence = new Map<string, number>();

  async #door(tenant: TenantName): Promise<TenantDoor> {
    return (await this.#open()).tenant(tenant);
  }

  async #open(): Promise<Rollcall> {
    this.#rollcall ??= await createRollcall({
      store: this.#store.configuration,
      connectors: [csv],
      root: this.#folder,
      clock: { now: () => new Date(this.#now) },
    });
    return this.#rollcall;
  }

  async #reopen(): Promise<void> {
    await this.#rollcall?.close();
    this.#rollcall = null;
  }

  async end(): Promise<void> {
    await this.#reopen();
    await this.#store.remove();
  }
}

const NO_USERS = { created: 0, activated: 0, updated: 0, deactivated: 0, reactivated: 0, merged: 0 };

async function writeProject(folder: string): Promise<void> {
  const files: Record<string, string> = {
    'rollcall.config.yaml': `version: 1\nstore: { client: sqlite3, file: .rollcall/rollcall.db }\nsecretKey: 'file:.rollcall/secret.key'\ntenants: tenants\n`,
    '.rollcall/secret.key': `${randomBytes(32).toString('base64')}\n`,
  };
  for (const tenant of NAMES) files[`tenants/${tenant}.yaml`] = tenantFile(tenant);
  for (const directory of DIRECTORIES) files[`mappings/${directory}.yaml`] = MAPPING_FILES[directory];
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  for (const tenant of NAMES)
    for (const directory of DIRECTORIES)
      await mkdir(path.join(folder, 'inbox', tenant, directory), { recursive: true });
}
