import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import csv from '@rollcall/connector-csv';
import {
  createRollcall,
  initProject,
  readProject,
  type PlanDocument,
  type Rollcall,
  type RollcallOptions,
  type SyncDocument,
  type SyncOptions,
  type TenantDoor,
} from '@rollcall/core';
import type { StoreKind, TestStore } from './stores.js';

/** The day on which the contract's fixture is synced first. */
export const FIRST_DAY = '2026-03-09T08:00:00Z';
export const NEXT_DAY = '2026-03-10T08:00:00Z';

export const HR_HEADER = 'employee_id;first_name;last_name;work_email;department;status;hire_date;termination_date';
export const HR_ROWS = [
  'E1001;Ada;Lovelace;ada@acme.example;Engineering;Active;2020-01-06;',
  'E1002;Grace;Hopper;;Research;Future;2026-03-16;',
  'E1003;Alan;Turing;alan@acme.example;Research;Terminated;2019-05-01;2026-03-06',
];
export const IT_HEADER = 'account_id,employee_id,login,email,enabled,department,groups';
export const IT_ROWS = [
  '9001,E1001,ada,ada@acme.example,true,Platform,vpn|admins',
  '9003,E1003,alan,alan@acme.example,true,Research,vpn',
  '9009,,carol,carol@agency.example,true,,vpn',
];

/** The contract's example project in a temporary folder, on a store of its own. */
export class TestProject {
  private constructor(
    readonly folder: string,
    readonly store: TestStore,
  ) {}

  static async create(kind: StoreKind): Promise<TestProject> {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-project-'));
    await initProject(folder, { example: true });
    return new TestProject(folder, await kind.create());
  }

  /** Opens Rollcall at an instant; the caller closes it. */
  open(now: string): Promise<Rollcall> {
    return this.openWith({ now: () => new Date(now) });
  }

  /** Opens Rollcall with a clock of the test's own; the caller closes it. */
  async openWith(clock: { now(): Date }, more: Partial<RollcallOptions> = {}): Promise<Rollcall> {
    const configuration = await readProject(this.folder, { resolveFrom: import.meta.url });
    return createRollcall({
      store: this.store.configuration,
      connectors: [csv],
      root: this.folder,
      clock,
      configuration,
      ...more,
    });
  }

  /** Opens the tenant at an instant, does the task, closes. */
  async at<T>(now: string, task: (door: TenantDoor, rollcall: Rollcall) => Promise<T>): Promise<T> {
    const rollcall = await this.open(now);
    try {
      return await task(await rollcall.tenant('acme'), rollcall);
    } finally {
      await rollcall.close();
    }
  }

  async apply(now: string): Promise<void> {
    const rollcall = await this.open(now);
    try {
      await rollcall.apply(await readProject(this.folder, { resolveFrom: import.meta.url }));
    } finally {
      await rollcall.close();
    }
  }

  sync(now: string, options?: SyncOptions): Promise<SyncDocument> {
    return this.at(now, (door) => door.sync(options));
  }

  plan(now: string, options?: SyncOptions & { detailedExitCode?: boolean }): Promise<PlanDocument> {
    return this.at(now, (door) => door.plan(options));
  }

  /** Applied and synced once: where every case of the contract starts. */
  async settle(): Promise<SyncDocument> {
    await this.apply(FIRST_DAY);
    return this.sync(FIRST_DAY);
  }

  hr(day: string, rows: readonly string[], header = HR_HEADER): Promise<void> {
    return this.write(`inbox/hr/hr-${day}.csv`, [header, ...rows].map((row) => `${row}\n`).join(''));
  }

  it(day: string, rows: readonly string[], header = IT_HEADER): Promise<void> {
    return this.write(`inbox/it/it-${day}.csv`, [header, ...rows].map((row) => `${row}\n`).join(''));
  }

  write(file: string, text: string | Buffer): Promise<void> {
    return writeFile(path.join(this.folder, file), text);
  }

  read(file: string): Promise<string> {
    return readFile(path.join(this.folder, file), 'utf8');
  }

  async change(file: string, from: string, to: string): Promise<void> {
    const text = await this.read(file);
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    await this.write(file, text.replace(from, to));
  }

  async remove(): Promise<void> {
    await this.store.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}
