import {
  defineConnector,
  LOGGER,
  SETTINGS,
  SourceUnavailable,
  type CheckReport,
  type Connector,
  type FactoryDefinition,
  type JsonObject,
  type Logger,
  type Observation,
  type Page,
  type ReadRequest,
} from '@rollcall/connector-kit';
import type { PopulatedSource, Subject } from '@rollcall/connector-kit/conformance';

/** A source in memory. */
export interface Shelf extends PopulatedSource {
  settings: { people: JsonObject[]; isDown: boolean; password: string };
}

type Settings = Shelf['settings'];

/** A connector that passes; each fault replaces a part of it. */
export class ShelfConnector implements Connector {
  constructor(
    readonly settings: Settings,
    readonly log: Logger,
  ) {}

  check(): Promise<CheckReport> {
    const { people, isDown } = this.settings;
    const step = isDown
      ? { name: 'reach', ok: false, message: 'down', code: 'RC_SOURCE_UNAVAILABLE' as const, mend: 'Wait.' }
      : { name: 'reach', ok: true, message: 'up' };
    return Promise.resolve({ steps: [step], sample: isDown ? [] : people.map((raw) => ({ kind: 'user', raw })) });
  }

  async *readFull(request: ReadRequest): AsyncGenerator<Page> {
    if (!request.kinds.includes('user')) return;
    const begin = await this.begin(request);
    request.signal.throwIfAborted();
    if (this.settings.isDown) throw this.unavailable();
    const print = JSON.stringify(this.settings.people.map((raw) => JSON.stringify(raw)).sort());
    const isAgain = request.accepted.user === print && !request.force;
    const source = { file: 'shelf', sha256: 'x', alreadyAccepted: isAgain };
    if (isAgain) yield { kind: 'user', begin, observations: [], source };
    else yield { kind: 'user', begin, source, ...this.everything(), accepted: print };
  }

  begin(request: ReadRequest): Promise<number> {
    return request.mark();
  }

  everything(): Pick<Page, 'observations' | 'malformed' | 'complete'> {
    const good = this.settings.people.filter((raw) => typeof raw.id === 'string' && !Object.hasOwn(raw, '__proto__'));
    const bad = this.settings.people.length - good.length;
    const malformed = { position: { file: 'shelf' }, code: 'RC_ROW_BAD', reason: 'No id.', mend: 'Add one.' } as const;
    return {
      observations: good.map((raw) => this.observe(raw)),
      malformed: Array.from({ length: bad }, () => malformed),
      complete: [{ kind: 'user', scope: '*', proof: 'the whole shelf' }],
    };
  }

  observe(raw: JsonObject): Observation {
    return { sourceId: raw.id as string, raw };
  }

  unavailable(): Error {
    return new SourceUnavailable({ what: 'The shelf is gone.', mend: 'Put it back.' });
  }
}

/** Its settings. */
export const PROPERTIES = {
  people: { type: 'array', title: 'People' },
  isDown: { type: 'boolean', title: 'Down', description: 'Whether it is.' },
  password: { type: 'string', title: 'Password', description: 'A secret.', secret: true },
};

/** What it declares. */
export const DECLARATION = {
  id: 'shelf',
  apiVersion: 1,
  title: 'A shelf',
  settings: { type: 'object', additionalProperties: false, properties: PROPERTIES },
  capabilities: { kinds: ['user'], full: true, delta: false, one: false, notifications: false },
  needs: { settings: SETTINGS, log: LOGGER },
} as const;

type Class = new (settings: Settings, log: Logger) => Connector;

/** The shelf under examination, with another class or another declaration. */
export function subjectOf(Made: Class = ShelfConnector, declared: object = {}): Subject<Shelf> {
  const definition = defineConnector({
    ...DECLARATION,
    ...declared,
    create: ({ settings, log }) => new Made(settings as unknown as Settings, log),
  } as FactoryDefinition<typeof DECLARATION.needs>);
  const people = (shelf: Shelf, change: (people: JsonObject[]) => JsonObject[]): Promise<void> => {
    shelf.settings.people = change(shelf.settings.people);
    return Promise.resolve();
  };
  return {
    definition: definition,
    remembers: true,
    populate: () => Promise.resolve(newShelf()),
    reorder: (shelf) => people(shelf, (all) => all.toReversed()),
    change: (shelf, _, id) => people(shelf, (all) => all.map((one) => (one.id === id ? { id, name: 'new' } : one))),
    withdraw: (shelf, _, id) => people(shelf, (all) => all.filter((one) => one.id !== id)),
    spoil: (shelf) => people(shelf, (all) => [...all, { name: 'nobody' }]),
    poison: (shelf) => people(shelf, (all) => [...all, JSON.parse('{"id":"p","__proto__":{"x":1}}') as JsonObject]),
    breakDown: (shelf) => {
      shelf.settings.isDown = true;
      return Promise.resolve();
    },
  };
}

/** A new shelf of three people. */
export function newShelf(): Shelf {
  const people = ['a', 'b', 'c'].map((id) => ({ id, name: `Name of ${id}` }));
  return {
    project: { root: '/', spool: '/' },
    settings: { people, isDown: false, password: 'very-secret' },
    ids: { user: ['a', 'b', 'c'] },
    remove: () => Promise.resolve(),
  };
}
