import { RollcallError, type ConnectorDefinition, type ErrorPlace } from '@rollcall/connector-kit';
import { didYouMean } from '../rules/nearest-name.js';
import { connectorFinding, type ConnectorFinding } from './check-manifest.js';
import { findConnectors, type FindOptions, type FoundPackage, type Origin } from './find.js';
import { loadPackage, type LoadedConnector, type LoadOptions } from './load.js';

/** One connector as a list shows it. */
export interface ConnectorListing {
  /** Null where a package names no id: it is not installed, or its package.json says nothing. */
  id: string | null;
  /** Known for built-in connectors and for those that were loaded. */
  title?: string;
  package: string;
  version: string | null;
  origin: Origin;
  status: 'ok' | 'not loaded' | 'broken';
  finding?: ConnectorFinding;
}

interface Entry {
  found: FoundPackage;
  listing: ConnectorListing;
}

/** The connectors that a project can use. Packages are imported when asked for, each once. */
export class ConnectorRegistry {
  readonly #entries: readonly Entry[];
  /** Who answers to an id: the first in the order built-in, configured, project. */
  readonly #entriesById: ReadonlyMap<string, Entry>;
  readonly #loads = new Map<FoundPackage, Promise<LoadedConnector[]>>();
  readonly #options: LoadOptions;

  private constructor(found: readonly FoundPackage[], options: LoadOptions) {
    this.#options = options;
    this.#entries = found.flatMap(entriesOf);
    const entriesById = new Map<string, Entry>();
    for (const entry of this.#entries) {
      const { id } = entry.listing;
      if (id === null) continue;
      const holder = entriesById.get(id);
      if (holder === undefined) entriesById.set(id, entry);
      else shadow(entry, holder, id);
    }
    this.#entriesById = entriesById;
  }

  /** Finds what there is; of the packages outside, only package.json is read. */
  static async open(options: FindOptions & LoadOptions): Promise<ConnectorRegistry> {
    return new ConnectorRegistry(await findConnectors(options), options);
  }

  list(): ConnectorListing[] {
    return this.#entries.map(({ listing }) => ({ ...listing }));
  }

  /**
   * The declaration of a connector, its package imported on the first call.
   *
   * @param where - where the connector is named.
   * @throws RC_CONNECTOR_UNKNOWN when no package announces the id, RC_CONNECTOR_BROKEN when the one that does cannot be used.
   */
  async get(id: string, where: ErrorPlace = {}): Promise<ConnectorDefinition> {
    const entry = this.#entriesById.get(id);
    if (entry === undefined) throw this.#unknown(id, where);
    const loaded = (await this.#load(entry.found)).find((one) => one.id === id);
    if (loaded?.ok === true) return loaded.definition;
    throw broken(id, entry, loaded?.finding);
  }

  /** Loads every package and tells everything that is wrong. */
  async check(): Promise<ConnectorFinding[]> {
    const packages = [...new Set(this.#entries.map(({ found }) => found))];
    const loaded = (await Promise.all(packages.map((found) => this.#load(found)))).flat();
    const shadowed = this.#entries
      .filter((entry) => this.#isShadowed(entry))
      .flatMap(({ listing }) => listing.finding ?? []);
    return [...shadowed, ...loaded.flatMap((one) => (one.ok ? [] : one.findings))];
  }

  #isShadowed(entry: Entry): boolean {
    const { id } = entry.listing;
    return id !== null && this.#entriesById.get(id) !== entry;
  }

  #load(found: FoundPackage): Promise<LoadedConnector[]> {
    const known = this.#loads.get(found);
    if (known !== undefined) return known;
    const loading = loadPackage(found, this.#options).then((loaded) => {
      this.#note(found, loaded);
      return loaded;
    });
    this.#loads.set(found, loading);
    return loading;
  }

  #note(found: FoundPackage, loaded: readonly LoadedConnector[]): void {
    for (const entry of this.#entries) {
      if (entry.found !== found) continue;
      const one = loaded.find(({ id }) => id === entry.listing.id);
      if (one?.ok === true) entry.listing.title = one.definition.title;
      if (one === undefined || this.#isShadowed(entry)) continue;
      entry.listing.status = one.ok ? 'ok' : 'broken';
      if (!one.ok) entry.listing.finding = one.finding;
    }
  }

  #unknown(id: string, where: ErrorPlace): RollcallError {
    const known = [...this.#entriesById.keys()].sort();
    const unusable = this.#entries.filter(({ found }) => found.state === 'unusable').length;
    const hint =
      unusable === 0
        ? ''
        : ` ${unusable} named package${unusable === 1 ? '' : 's'} cannot be used: rollcall plugin check`;
    const choice = known.length === 0 ? 'There is none; install one.' : didYouMean(id, known, 'Known');
    return new RollcallError('RC_CONNECTOR_UNKNOWN', 78, 'stop', {
      what: `There is no connector "${id}".`,
      where,
      mend: `${choice}${hint}`,
    });
  }
}

function entriesOf(found: FoundPackage): Entry[] {
  const { name, version, origin } = found;
  const common = { package: name, version, origin };
  if (found.state === 'unusable') {
    return [{ found, listing: { id: null, ...common, status: 'broken', finding: found.finding } }];
  }
  if (found.state === 'built-in') return [{ found, listing: { ...builtIn(found.definition), ...common } }];
  return found.ids.map((id) => ({ found, listing: { id, ...common, status: 'not loaded' } }));
}

/** Taken at its word until it is asked for. An embedder may hand in anything: what has no id is listed without one. */
function builtIn({ id, title }: { id: unknown; title: unknown }): Pick<ConnectorListing, 'id' | 'title' | 'status'> {
  const listed = { id: typeof id === 'string' ? id : null, status: 'ok' } as const;
  return typeof title === 'string' ? { ...listed, title } : listed;
}

/** Marks a connector whose id another package holds already. */
function shadow(entry: Entry, holder: Entry, id: string): void {
  const { listing } = entry;
  const isSamePackage = holder.listing.package === listing.package;
  const finding = connectorFinding(
    listing.package,
    entry.found.state === 'installed' ? { file: entry.found.file } : {},
    {
      code: 'RC_CONNECTOR_ID_DUPLICATE',
      message: `brings a connector "${id}", which ${holderOf(holder)} brings already; that one is used`,
      mend: `Take the package out of package.json or "plugins", or use one whose connector has another id.`,
    },
  );
  // The same connector twice harms nobody; another one under the same name is a mistake.
  listing.finding = isSamePackage ? { ...finding, severity: 'warning' } : finding;
  listing.status = 'broken';
}

function holderOf({ listing }: Entry): string {
  return listing.origin === 'built-in' ? `Rollcall itself ("${listing.package}")` : `the package "${listing.package}"`;
}

function broken(id: string, entry: Entry, finding: ConnectorFinding | undefined): RollcallError {
  return new RollcallError('RC_CONNECTOR_BROKEN', 78, 'stop', {
    what: `The connector "${id}" cannot be used. ${finding?.message ?? ''}`.trim(),
    where: finding?.where ?? {},
    mend: finding?.mend ?? `Look at the package: rollcall plugin check`,
    extra: { connector: id, package: entry.listing.package, reason: finding?.code ?? null },
  });
}
