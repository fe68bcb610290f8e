import 'reflect-metadata';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Container } from 'inversify';
import { type CheckReport, type Clock, type Logger } from '@rollcall/connector-kit';
import { openApiKeyDoor } from './api-key-door.js';
import { openConsumerDoor } from './consumer-door.js';
import { openPushDoor } from './push-door.js';
import type { ApplyDocument, FreshnessCounts, OperationOptions, Rollcall, SchedulerDoor, TenantDoor } from './api.js';
import type { ProjectConfiguration } from './configuration/read-project.js';
import { checkSettings, resolveSettings } from './configuration/settings.js';
import { openDirectoryScope } from './connectors/directory-scope.js';
import { ConnectorRegistry } from './connectors/registry.js';
import { TimeOrderedIds } from './ids.js';
import type { Evaluator } from './mapping/evaluator.js';
import { CompiledEvaluator } from './mapping/compiled-evaluator.js';
import { storedInstant } from './model/instants.js';
import { eventHeads } from './reading/events.js';
import { applyTenant, configurationHash } from './reconciliation/apply-configuration.js';
import type { Engine, Job, OpenConnector } from './reconciliation/engine.js';
import { Configurations, loadTenantContext, type TenantContext } from './reconciliation/tenant-context.js';
import { migrate, refuseNewer } from './store/migrate.js';
import { Store } from './store/store.js';
import type { Sql } from './store/table.js';
import type { Directory } from './tenancy/directories.js';
import { notApplied } from './tenancy/not-applied.js';
import type { TenantRow } from './tenancy/tables.js';
import type { ReadingDoor } from './reading-door.js';
import { cachedCompiler, catalogueFor } from './configuration-caches.js';
import { tenantReader } from './tenant-reader.js';
import { asLogger } from './operation-log.js';
import { openInstallation } from './installation.js';
import { countFreshness } from './scheduling/tier-states.js';
import { openTenantDoor } from './tenant-door.js';
import type { IdSource } from './tokens.js';
import { CLOCK, IDS, LOGGER } from './tokens.js';
import { examine } from './doctor.js';
import type { RollcallOptions } from './rollcall-options.js';
import { openWebhooks } from './webhook-service.js';

export type { RollcallOptions } from './rollcall-options.js';

/** Directories read at the same time by one process. */
const DEFAULT_SLOTS = 4;

const WALL_CLOCK: Clock = { now: () => new Date() };
const SILENT: Logger = { debug: noLog, info: noLog, warn: noLog, error: noLog };
function noLog(): void {
  // An embedder that wants to hear hands in a logger.
}

/**
 * Opens Rollcall. No globals, no signal handlers; `close` (or `await using`) releases everything.
 *
 * @throws RC_STORE_NEWER (1) when the database is newer than this package; RC_STORE_* when it cannot be opened.
 */
export async function createRollcall(options: RollcallOptions): Promise<Rollcall> {
  const store = new Store(options.store);
  try {
    await refuseNewer(store);
    const registry = await ConnectorRegistry.open({
      builtIn: (options.connectors ?? []).map((entry) => ('definition' in entry ? entry : { definition: entry })),
      root: options.root ?? process.cwd(),
      configured: options.plugins ?? [],
    });
    return new RunningRollcall(options, store, registry);
  } catch (error) {
    await store.close();
    throw error;
  }
}

class RunningRollcall implements Rollcall {
  readonly #options: RollcallOptions;
  readonly #store: Store;
  readonly #configurations = new Configurations();
  readonly #registry: ConnectorRegistry;
  readonly #engine: Engine;
  readonly #container = new Container({ defaultScope: 'Singleton' });
  readonly #evaluator: Evaluator;
  #isMigrated = false;
  readonly apiKeys: ReturnType<typeof openApiKeyDoor>;
  readonly pushes: ReturnType<typeof openPushDoor>;
  readonly webhooks: ReturnType<typeof openWebhooks>;
  readonly consumers: ReturnType<typeof openConsumerDoor>;
  readonly #installation: ReturnType<typeof openInstallation>;

  constructor(options: RollcallOptions, store: Store, registry: ConnectorRegistry) {
    this.#options = options;
    this.#store = store;
    this.#registry = registry;
    const clock = options.clock ?? WALL_CLOCK;
    const ids = options.ids ?? new TimeOrderedIds(WALL_CLOCK);
    const log = options.log ?? SILENT;
    this.#container.bind<Clock>(CLOCK).toConstantValue(clock);
    this.#container.bind<IdSource>(IDS).toConstantValue(ids);
    this.#container.bind<Logger>(LOGGER).toConstantValue(log);
    this.#evaluator = options.evaluator ?? new CompiledEvaluator();
    this.#engine = {
      store,
      clock,
      givenClock: options.clock !== undefined,
      ids,
      log,
      compile: cachedCompiler(this.#evaluator),
      openConnector: (tenantId, directory) => this.#openConnector(tenantId, directory),
    };
    this.apiKeys = openApiKeyDoor({ store, clock, ids, log, prepare: () => this.#migrated() });
    this.consumers = openConsumerDoor({ store, prepare: () => this.#migrated() });
    this.pushes = openPushDoor({
      engine: this.#engine,
      context: (sql, tenant) => this.#loadContext(sql, tenant),
      prepare: () => this.#migrated(),
    });
    this.webhooks = openWebhooks(options, { store, clock, ids, log, prepare: () => this.#migrated() });
    this.#installation = openInstallation({
      engine: this.#engine,
      job: (signal) => this.#job({ signal }),
      context: (tenant) => this.#context(tenant),
      capabilities: async (connector) => (await this.#registry.get(connector)).capabilities,
      prepare: () => this.#migrated(),
      takeOverPushes: () => this.pushes.takeOver(),
    });
  }

  readonly connectors = {
    list: () => this.#registry.list(),
    check: () => this.#registry.check(),
  };

  readonly database = {
    status: async () => ({ client: this.#store.client, ...(await refuseNewer(this.#store)) }),
    migrate: () => migrate(this.#store),
  };

  /** The store, for tests that count statements and rows. */
  get store(): Store {
    return this.#store;
  }

  async apply(configuration: ProjectConfiguration, options: { plan?: boolean } = {}): Promise<ApplyDocument> {
    await this.#checkSettings(configuration);
    await migrate(this.#store);
    const work = async (): Promise<ApplyDocument['tenants']> => {
      const tenants: ApplyDocument['tenants'] = [];
      const now = storedInstant(this.#engine.clock.now());
      const run = options.plan === true ? this.#store.rehearse.bind(this.#store) : this.#store.write.bind(this.#store);
      for (const tenant of configuration.tenants)
        tenants.push(await run('sweep', (sql) => applyTenant(sql, tenant, { ids: this.#engine.ids, now })));
      return tenants;
    };
    return { format: 'rollcall.apply/1', exitCode: 0, applied: options.plan !== true, tenants: await work() };
  }

  async #checkSettings(configuration: ProjectConfiguration): Promise<void> {
    for (const tenant of configuration.tenants) {
      for (const directory of tenant.directories) {
        const { where } = directory.places;
        const definition = await this.#registry.get(directory.connector, {
          ...where,
          ...directory.places.valuePlace(['connector']),
        });
        checkSettings(directory.settings, definition.settings, directory.settingsPlaces);
        await resolveSettings(directory.settings, definition.settings, {
          root: configuration.root,
          env: this.#options.env ?? process.env,
          where,
          places: directory.settingsPlaces,
        });
      }
    }
  }

  async tenants(): Promise<string[]> {
    const { version } = await refuseNewer(this.#store);
    if (version === 0) return [];
    const rows = await this.#store.read((sql): Promise<Pick<TenantRow, 'id'>[]> =>
      sql<TenantRow>('tenant').orderBy('id').select('id'),
    );
    return rows.map((row) => row.id);
  }

  async tenant(name: string): Promise<TenantDoor> {
    const { version, pending } = await refuseNewer(this.#store);
    if (version > 0 && pending.length > 0) await migrate(this.#store);
    if (version === 0 || !(await this.#isApplied(name))) throw notApplied(name);
    return openTenantDoor({
      tenant: name,
      engine: this.#engine,
      evaluator: this.#evaluator,
      job: (options) => this.#job(options),
      context: async () => {
        const context = await this.#context(name);
        if (context === null) throw notApplied(name);
        return context;
      },
      changedSinceApply: () => this.#changedSinceApply(name),
      check: (context, directory, signal) => this.#check(context, directory, signal),
      isPushed: async (connector) => (await this.#registry.get(connector)).capabilities.push === true,
    });
  }

  async #isApplied(name: string): Promise<boolean> {
    const row: unknown = await this.#store.read((sql) => sql<TenantRow>('tenant').where({ id: name }).first('id'));
    return row !== undefined;
  }

  scheduler({ slots = DEFAULT_SLOTS } = {}): SchedulerDoor {
    return this.#installation.scheduler(slots);
  }

  get notifications(): Rollcall['notifications'] {
    return this.#installation.notifications;
  }

  freshness(): Promise<FreshnessCounts> {
    return this.#store.read(countFreshness);
  }

  eventHeads(tenants: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#store.read((sql) => eventHeads(sql, tenants));
  }

  async reading(name: string): Promise<ReadingDoor> {
    await this.#migrated();
    return tenantReader({
      store: this.#store,
      tenant: name,
      clock: this.#engine.clock,
      evaluator: () => Promise.resolve(this.#evaluator),
      catalogue: catalogueFor,
    });
  }

  /** Asked before every request of a service, answered by the database once. */
  async #migrated(): Promise<void> {
    if (this.#isMigrated) return;
    const { pending } = await refuseNewer(this.#store);
    if (pending.length > 0) await migrate(this.#store);
    this.#isMigrated = true;
  }

  #context(name: string): Promise<TenantContext | null> {
    return this.#store.read((sql) => this.#loadContext(sql, name));
  }

  #loadContext(sql: Sql, name: string): Promise<TenantContext | null> {
    return loadTenantContext(sql, name, {
      ids: this.#engine.ids,
      compile: this.#engine.compile,
      catalogue: catalogueFor,
      configurations: this.#configurations,
    });
  }

  async #changedSinceApply(name: string): Promise<boolean> {
    const now = this.#options.configuration?.tenants.find((tenant) => tenant.tenant === name);
    if (now === undefined) return false;
    const row = await this.#store.read(
      async (sql) => (await sql('tenant').where({ id: name }).first()) as TenantRow | undefined,
    );
    return row?.configuration_hash !== configurationHash(now);
  }

  #job(options: OperationOptions = {}): Job {
    return {
      engine: options.log === undefined ? this.#engine : { ...this.#engine, log: asLogger(options.log) },
      lane: 'sweep',
      signal: options.signal ?? new AbortController().signal,
      progress: options.progress ?? (() => undefined),
    };
  }

  async #openConnector(tenantId: string, directory: Directory): Promise<OpenConnector> {
    const definition = await this.#registry.get(directory.connector);
    const root = this.#options.root ?? process.cwd();
    // The file tells where a `file:` reference is looked for first: beside the tenant's file.
    const where = { tenant: tenantId, directory: directory.name, file: this.#tenantFile(tenantId) };
    const spool = path.join(root, '.rollcall', 'spool', tenantId, directory.name);
    await mkdir(spool, { recursive: true, mode: 0o700 });
    const settings = await resolveSettings(directory.settings, definition.settings, {
      root,
      env: this.#options.env ?? process.env,
      where,
    });
    const scope = openDirectoryScope(this.#container, definition, {
      settings,
      project: { root, spool },
      clock: this.#engine.clock,
      log: this.#engine.log,
      place: where,
    });
    return {
      connector: scope.connector,
      capabilities: { volatile: [], ...definition.capabilities },
      close: () => scope.close(),
    };
  }

  #tenantFile(tenant: string): string {
    return (
      this.#options.configuration?.tenants.find((entry) => entry.tenant === tenant)?.file ?? `tenants/${tenant}.yaml`
    );
  }

  async #check(context: TenantContext, directory: Directory, signal: AbortSignal): Promise<CheckReport> {
    const open = await this.#openConnector(context.tenantId, directory);
    try {
      return await open.connector.check(signal);
    } finally {
      await open.close();
    }
  }

  doctor(configuration?: ProjectConfiguration): ReturnType<Rollcall['doctor']> {
    return examine({
      store: this.#store,
      registry: this.#registry,
      env: this.#options.env ?? process.env,
      ...(configuration === undefined ? {} : { configuration }),
    });
  }

  async close(): Promise<void> {
    await this.pushes.close();
    await this.apiKeys.settle();
    await this.webhooks.close();
    await this.#container.unbindAllAsync();
    await this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
