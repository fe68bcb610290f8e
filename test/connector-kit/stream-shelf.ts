import {
  CursorExpired,
  type Connector,
  type DeltaPage,
  type Json,
  type JsonObject,
  type Logger,
  type Page,
  type ReadRequest,
  type RecordKind,
} from '@rollcall/connector-kit';
import type { Subject } from '@rollcall/connector-kit/conformance';
import { DECLARATION, PROPERTIES, ShelfConnector, subjectOf, type Shelf } from './shelf.js';

/** A shelf that says what changed on it: its cursor is what was there. A mark in the settings says since when it knows. */
export class StreamShelfConnector extends ShelfConnector {
  override async *readFull(request: ReadRequest): AsyncGenerator<Page> {
    const cursor = this.cursor();
    for await (const page of super.readFull(request)) yield { ...page, cursor };
  }

  cursor(): Json {
    const { people, since = 0 } = this.settings as Shelf['settings'] & { since?: number };
    return { since, people: Object.fromEntries(people.map((raw) => [raw.id as string, JSON.stringify(raw)])) };
  }

  async *readDelta(cursor: Json, request: ReadRequest): AsyncGenerator<DeltaPage> {
    const begin = await this.begin(request);
    const before = cursor as { since: number; people: Record<string, string> };
    const now = this.cursor() as typeof before;
    if (before.since !== now.since) throw this.expired();
    yield { kind: 'user', begin, ...this.changes(before.people, now.people), cursor: this.next(this.cursor(), cursor) };
  }

  changes(
    before: Readonly<Record<string, string>>,
    now: Readonly<Record<string, string>>,
  ): Pick<DeltaPage, 'observations' | 'departures'> {
    const changed = this.settings.people.filter((raw) => before[raw.id as string] !== now[raw.id as string]);
    const gone = Object.keys(before).filter((id) => !(id in now));
    return {
      observations: changed.map((raw) => this.observe(raw)),
      departures: gone.map((sourceId) => ({ sourceId })),
    };
  }

  next(...[now]: [now: Json, before: Json]): Json {
    return now;
  }

  expired(): Error {
    return new CursorExpired({ what: 'The shelf was emptied.', mend: 'Nothing to do.' });
  }

  async readOne(kind: RecordKind, sourceId: string, request: ReadRequest): Promise<Page> {
    const begin = await this.begin(request);
    const raw = this.settings.people.find(({ id }) => id === sourceId);
    return { kind, begin, ...this.single(sourceId, raw) };
  }

  single(sourceId: string, raw: JsonObject | undefined): Pick<Page, 'observations' | 'departures'> {
    if (raw === undefined) return { observations: [], departures: [{ sourceId }] };
    return { observations: [this.observe(raw)] };
  }
}

type Class = new (settings: Shelf['settings'], log: Logger) => Connector;

/** The shelf with a stream under examination, with another class. */
export function streamSubjectOf(Made: Class = StreamShelfConnector): Subject<Shelf> {
  const since = { type: 'integer', title: 'Since', description: 'Since when it knows what changed.' };
  return {
    ...subjectOf(Made, {
      settings: { type: 'object', additionalProperties: false, properties: { ...PROPERTIES, since } },
      capabilities: { ...DECLARATION.capabilities, delta: true, one: true },
    }),
    forgetChanges: ({ settings }) => {
      Object.assign(settings, { since: 1 });
      return Promise.resolve();
    },
  };
}
