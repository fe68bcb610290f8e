import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  defineConnector,
  type Connector,
  type FactoryDefinition,
  type JsonObject,
  type Page,
  type ReadRequest,
} from '@rollcall/connector-kit';
import { createRollcall, initProject, readProject, type Rollcall, type SyncDocument } from '@rollcall/core';
import { migrate } from '#core/store/migrate.js';
import { Store } from '#core/store/store.js';
import type { StoreKind, TestStore } from '../../support/stores.js';

const TENANT = `
tenant: acme
name: Acme Ltd
timeZone: Europe/Berlin
directories:
  hr: { connector: list, mode: live, settings: {}, mappings: { user: mappings/list.yaml } }
rules:
  priority: [hr]
  attributes: { department: { from: [hr] } }
  correlation: [{ name: employee number, on: employeeNumber, certainty: sure }]
  lifecycle: { create: [hr] }
`;

const MAPPING = `
mapping: list
kind: user
sourceId: id
attributes: { employeeNumber: id, displayName: name, department: department, active: 'status = "in"' }
`;

const WHOLE: NonNullable<Page['complete']> = [{ kind: 'user', scope: '*', proof: 'pagesFollowed' }];
const PAGE_SIZE = 1_000;

/** Number `n` as the source shows it. */
export function person(n: number, change: { department?: string; status?: string } = {}): JsonObject {
  return { id: `E${n}`, name: `Person ${n}`, department: `D${n % 9}`, status: 'in', ...change };
}

export const crowd = (count: number): JsonObject[] => Array.from({ length: count }, (_, n) => person(n + 1));

/** A tenant with one directory whose records are a list in memory: pages of 1,000, each read whole. */
export class ListProject {
  people: JsonObject[] = [];
  /** Awaited before each page but the first. */
  betweenPages: () => Promise<void> = () => Promise.resolve();
  /** What the source does when it is told that a run was committed. */
  committed: () => Promise<void> = () => Promise.resolve();

  private constructor(
    readonly folder: string,
    readonly place: TestStore,
  ) {}

  static async create(kind: StoreKind): Promise<ListProject> {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-list-'));
    await initProject(folder, { example: false });
    await mkdir(path.join(folder, 'mappings'), { recursive: true });
    await writeFile(path.join(folder, 'tenants/acme.yaml'), TENANT);
    await writeFile(path.join(folder, 'mappings/list.yaml'), MAPPING);
    const project = new ListProject(folder, await kind.create());
    await project.inStore(migrate);
    return project;
  }

  async apply(now: string): Promise<void> {
    await this.with(now, async (rollcall) => {
      await rollcall.apply(await readProject(this.folder, { resolveFrom: import.meta.url }));
    });
  }

  /** Syncs once; `hear` gets every statement. */
  sync(now: string, hear?: (text: string) => void): Promise<SyncDocument> {
    return this.with(now, async (rollcall) => {
      const tenant = await rollcall.tenant('acme');
      const { store } = rollcall as Rollcall & { store?: Store };
      if (hear !== undefined) {
        if (store === undefined) throw new Error('Rollcall shows its store no more: nobody counts statements.');
        store.onQuery(hear);
      }
      return tenant.sync({ full: true });
    });
  }

  async with<T>(now: string, task: (rollcall: Rollcall) => Promise<T>): Promise<T> {
    const rollcall = await createRollcall({
      store: this.place.configuration,
      connectors: [this.#connector()],
      root: this.folder,
      clock: { now: () => new Date(now) },
    });
    try {
      return await task(rollcall);
    } finally {
      await rollcall.close();
    }
  }

  /** Looks into the database from outside. */
  async inStore<T>(task: (store: Store) => Promise<T>): Promise<T> {
    const store = new Store(this.place.configuration);
    try {
      return await task(store);
    } finally {
      await store.close();
    }
  }

  async remove(): Promise<void> {
    await this.place.remove();
    await rm(this.folder, { recursive: true, force: true });
  }

  #connector(): FactoryDefinition {
    const capabilities = { kinds: ['user'], full: true, delta: false, one: false, notifications: false } as const;
    const connector: Connector = {
      check: () => Promise.resolve({ steps: [], sample: [] }),
      committed: () => this.committed(),
      readFull: (request) => this.#pages(request),
    };
    return defineConnector({
      id: 'list',
      apiVersion: 1,
      title: 'A list in memory',
      settings: { type: 'object' },
      capabilities,
      needs: {},
      create: () => connector,
    });
  }

  async *#pages(request: ReadRequest): AsyncGenerator<Page> {
    const begin = await request.mark();
    for (let at = 0; at < this.people.length; at += PAGE_SIZE) {
      if (at > 0) await this.betweenPages();
      const isLast = at + PAGE_SIZE >= this.people.length;
      const observations = this.people.slice(at, at + PAGE_SIZE).map((raw) => ({ raw }));
      yield { kind: 'user', begin, observations, ...(isLast ? { complete: WHOLE } : {}) };
    }
  }
}
