import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import csv from '@rollcall/connector-csv';
import type { PushStore } from '@rollcall/connector-kit';
import scim from '@rollcall/connector-scim';
import {
  createRollcall,
  readProject,
  type EventDocument,
  type Finding,
  type GroupDocument,
  type Rollcall,
  type TenantDoor,
  type UserDocument,
} from '@rollcall/core';
import type { StoreKind, TestStore } from './stores.js';

const CONFIG = `version: 1
store: { client: sqlite3, file: .rollcall/rollcall.db }
secretKey: 'file:.rollcall/secret.key'
plugins: []
tenants: tenants
`;

const directory = (name: string, mode = 'live'): string => `  ${name}:
    connector: scim
    mode: ${mode}
    settings: {}
    mappings: { user: '@rollcall/mappings/scim', group: '@rollcall/mappings/scim' }
`;

/** A tenant file: \`okta\` and \`entra\` are pushed to, in that order of rank; both bring people. */
export function tenantFile({ tenant = 'acme', mode = 'live', more = '' } = {}): string {
  return `tenant: ${tenant}
name: Acme Ltd
timeZone: Europe/Berlin
custom: {}
directories:
${directory('okta', mode)}${directory('entra')}rules:
  priority: [okta, entra]
  attributes:
    active: { from: [okta, entra] }
    groups: { from: [okta, entra] }
  correlation:
    - { name: e-mail, on: emails.primary, certainty: probable }
  lifecycle: { create: [okta, entra], preHireDays: 0 }
${more}`;
}

/** A project whose directories are pushed to, on a store of its own. */
export class PushedProject {
  now = new Date('2026-03-09T08:00:00Z');
  readonly #open = new Set<Rollcall>();

  private constructor(
    readonly folder: string,
    readonly store: TestStore,
    readonly rollcall: Rollcall,
  ) {
    this.#open.add(rollcall);
  }

  static async create(
    kind: StoreKind,
    tenants: Readonly<Record<string, string>> = { acme: tenantFile() },
  ): Promise<PushedProject> {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-pushed-'));
    await mkdir(path.join(folder, 'tenants'));
    await mkdir(path.join(folder, '.rollcall'));
    await writeFile(path.join(folder, 'rollcall.config.yaml'), CONFIG);
    for (const [name, text] of Object.entries(tenants))
      await writeFile(path.join(folder, 'tenants', `${name}.yaml`), text);
    const store = await kind.create();
    const clock = { now: () => project.now };
    const project: PushedProject = new PushedProject(folder, store, await openOn(store, folder, clock));
    await project.apply();
    return project;
  }

  /** Stores the files as they are now; answers what it warns of. */
  async apply(): Promise<readonly Finding[]> {
    const { tenants } = await this.rollcall.apply(await readProject(this.folder, { resolveFrom: import.meta.url }));
    return tenants.flatMap(({ warnings }) => warnings);
  }

  async change(tenant: string, text: string): Promise<void> {
    await writeFile(path.join(this.folder, 'tenants', `${tenant}.yaml`), text);
    await this.apply();
  }

  /** Another process on the same store. */
  async another(): Promise<Rollcall> {
    const rollcall = await openOn(this.store, this.folder, { now: () => this.now });
    this.#open.add(rollcall);
    return rollcall;
  }

  tenant(name = 'acme'): Promise<TenantDoor> {
    return this.rollcall.tenant(name);
  }

  /** A directory's id with a token that is good for it. */
  async enter(name = 'okta', tenant = 'acme'): Promise<{ id: string; token: string }> {
    const door = await this.tenant(tenant);
    const { directory: made, token } = await door.directories.rotateToken(name, { overlapSeconds: 3_600, by: 'test' });
    return { id: made.id, token };
  }

  /** The port of a directory. */
  async port(name = 'okta', rollcall = this.rollcall): Promise<PushStore> {
    const { id, token } = await this.enter(name);
    const entry = await rollcall.pushes.enter(id, token);
    if (!entry.admitted) throw new Error(`Not admitted: ${entry.because}`);
    return entry.directory.store;
  }

  async users(tenant = 'acme'): Promise<readonly UserDocument[]> {
    return (await (await this.tenant(tenant)).users.list({ limit: 10_000 })).items;
  }

  async groups(): Promise<readonly GroupDocument[]> {
    return (await (await this.tenant()).groups.list({ limit: 10_000 })).items;
  }

  async events(after = 0): Promise<readonly EventDocument[]> {
    return (await (await this.tenant()).events({ after, limit: 10_000 })).items;
  }

  async remove(): Promise<void> {
    for (const rollcall of this.#open) await rollcall.close();
    await this.store.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function openOn(store: TestStore, folder: string, clock: { now(): Date }): Promise<Rollcall> {
  const configuration = await readProject(folder, { resolveFrom: import.meta.url });
  return createRollcall({ store: store.configuration, connectors: [csv, scim], root: folder, clock, configuration });
}
