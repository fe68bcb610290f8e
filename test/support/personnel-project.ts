import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createRollcall,
  readProject,
  type EventDocument,
  type NotificationEntry,
  type Rollcall,
  type StoredRunDocument,
  type TierDocument,
  type UserDocument,
} from '@rollcall/core';
import type { Store } from '#core/store/store.js';
import { personnel } from './personnel-connector.js';
import { PersonnelSource, SIGNING_KEY, type SignedNotification } from './personnel-source.js';
import type { StoreKind, TestStore } from './stores.js';

const CONFIG = `version: 1
store: { client: sqlite3, file: .rollcall/rollcall.db }
secretKey: 'file:.rollcall/secret.key'
plugins: []
tenants: tenants
`;

const MAPPING = `mapping: personnel
kind: user
sourceId: id
attributes:
  userName: login
  department: team
  active: works
`;

const MINUTE_MS = 60_000;

/** What a tenant file may say otherwise. */
export interface TenantChange {
  tenant?: string;
  schedule?: string;
  mode?: string;
  more?: string;
}

const tenantFile = (
  url: string,
  { tenant = 'acme', schedule = '{}', mode = 'live', more = '' }: TenantChange,
): string =>
  `tenant: ${tenant}
name: Acme Ltd
timeZone: Europe/Berlin
custom: {}
directories:
  staff:
    connector: personnel
    mode: ${mode}
    settings: { url: '${url}', signingSecret: 'env:SIGNING_SECRET' }
    mappings: { user: mappings/personnel.yaml }
    schedule: ${schedule}
rules:
  priority: [staff]
  attributes: { active: { from: [staff] } }
  correlation: []
  lifecycle: { create: [staff], preHireDays: 0 }
${more}`;

/** A project whose one directory is a personnel system over HTTP, on a store of its own, under a clock of the test's. */
export class PersonnelProject {
  now = new Date('2026-03-09T08:00:00Z');
  readonly #open: Rollcall[] = [];

  private constructor(
    readonly folder: string,
    readonly store: TestStore,
    readonly source: PersonnelSource,
  ) {}

  static async create(
    kind: StoreKind,
    options: TenantChange & { capabilities?: Parameters<typeof personnel>[0] } = {},
  ): Promise<PersonnelProject> {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-personnel-'));
    for (const name of ['tenants', 'mappings', '.rollcall']) await mkdir(path.join(folder, name));
    await writeFile(path.join(folder, 'rollcall.config.yaml'), CONFIG);
    await writeFile(path.join(folder, 'mappings', 'personnel.yaml'), MAPPING);
    const project = new PersonnelProject(folder, await kind.create(), await PersonnelSource.open());
    await project.write(options);
    await project.another(options.capabilities);
    await project.apply();
    return project;
  }

  get rollcall(): Rollcall {
    const [first] = this.#open;
    if (first === undefined) throw new Error('Rollcall is not open.');
    return first;
  }

  /** One more process on the same store. */
  async another(capabilities?: Parameters<typeof personnel>[0]): Promise<Rollcall> {
    const rollcall = await createRollcall({
      store: this.store.configuration,
      connectors: [personnel(capabilities)],
      root: this.folder,
      env: { SIGNING_SECRET: SIGNING_KEY },
      clock: { now: () => this.now },
    });
    this.#open.push(rollcall);
    return rollcall;
  }

  async write(change: TenantChange): Promise<void> {
    const file = path.join(this.folder, 'tenants', `${change.tenant ?? 'acme'}.yaml`);
    await writeFile(file, tenantFile(this.source.url, change));
  }

  async apply(): Promise<void> {
    await this.rollcall.apply(await readProject(this.folder, { resolveFrom: import.meta.url }));
  }

  /** Runs what is due so many minutes later. */
  async pass(minutes: number, rollcall = this.rollcall): Promise<void> {
    this.now = new Date(this.now.getTime() + minutes * MINUTE_MS);
    await rollcall.scheduler().drain();
  }

  /** Reads everything now, as the nightly read does. */
  async readAll(): Promise<void> {
    await (await this.rollcall.tenant('acme')).sync({ directories: ['staff'] });
  }

  async directoryId(tenant = 'acme'): Promise<string> {
    const [directory] = await (await this.rollcall.tenant(tenant)).directories.list();
    if (directory === undefined) throw new Error('There is no directory.');
    return directory.id;
  }

  /** Hands in what the source tells, as the service does. */
  async hear({ body, headers }: SignedNotification): Promise<NotificationEntry> {
    const request = { method: 'POST', headers, query: '', body: Buffer.from(body) } as const;
    return this.rollcall.notifications.receive(await this.directoryId(), request);
  }

  /** The source tells of somebody, and nothing is lost. */
  tell(id: string | null): Promise<NotificationEntry> {
    return this.hear(this.source.tell(id, this.now));
  }

  async users(): Promise<readonly UserDocument[]> {
    return (await (await this.rollcall.tenant('acme')).users.list({ limit: 1_000 })).items;
  }

  async user(login: string): Promise<UserDocument | undefined> {
    return (await this.users()).find(({ attributes }) => attributes.userName === login);
  }

  async events(type?: string): Promise<readonly EventDocument[]> {
    const { items } = await (await this.rollcall.tenant('acme')).events({ limit: 10_000 });
    return items.filter((event) => type === undefined || event.type === type);
  }

  /** The latest first. */
  async runs(): Promise<readonly StoredRunDocument[]> {
    return (await (await this.rollcall.tenant('acme')).runs.list({ limit: 200 })).items;
  }

  async tier(name: string): Promise<TierDocument | undefined> {
    const tiers = await (await this.rollcall.tenant('acme')).directories.schedule();
    return tiers.find(({ tier }) => tier === name);
  }

  async findings(name: string): Promise<readonly { subject: string; detail: unknown }[]> {
    const { items } = await (await this.rollcall.tenant('acme')).findings();
    return items.filter((item) => item.name === name);
  }

  /** The rows of a table, as they are stored. */
  rows(table: string): Promise<Record<string, unknown>[]> {
    const { store } = this.rollcall as unknown as { store: Store };
    return store.read((sql) => sql<Record<string, unknown>>(table).select());
  }

  async close(): Promise<void> {
    for (const rollcall of this.#open) await rollcall.close();
    await this.source.close();
    await this.store.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}
