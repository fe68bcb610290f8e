import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  AuthenticationFailed,
  CLOCK,
  CursorExpired,
  defineConnector,
  NotificationRefused,
  SETTINGS,
  SourceUnavailable,
  type CheckReport,
  type Clock,
  type Connector,
  type DeltaPage,
  type InboundRequest,
  type Json,
  type JsonObject,
  type Page,
  type ReadRequest,
  type Reception,
  type RecordKind,
} from '@rollcall/connector-kit';

interface Settings extends JsonObject {
  url: string;
  signingSecret: string;
}

/** Notifications whose time is further from now are refused. */
const WINDOW_MS = 5 * 60_000;

/** Speaks to a `PersonnelSource`: whole reads, its stream, single people, notifications. */
export class PersonnelConnector implements Connector {
  readonly #settings: Settings;
  readonly #clock: Clock;

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  async check(signal: AbortSignal): Promise<CheckReport> {
    try {
      const { body } = await this.#get('/people?page=0', signal);
      const { people } = body as { people: JsonObject[] };
      return {
        steps: [{ name: 'reach', ok: true, message: 'answers' }],
        sample: people.map((raw) => ({ kind: 'user', raw })),
      };
    } catch {
      const step = { name: 'reach', ok: false, message: 'does not answer', code: 'RC_SOURCE_UNAVAILABLE' } as const;
      return { steps: [{ ...step, mend: 'Start it.' }], sample: [] };
    }
  }

  async *readFull(request: ReadRequest): AsyncGenerator<Page> {
    if (!request.kinds.includes('user')) return;
    // Before the first page: what changes while the pages are read is in the stream, too.
    await request.mark();
    const { cursor } = (await this.#get('/cursor', request.signal)).body as { cursor: Json };
    for (let page: number | null = 0; page !== null;) {
      const begin = await request.mark();
      const { body } = await this.#get(`/people?page=${String(page)}`, request.signal);
      const { people, next } = body as { people: JsonObject[]; next: number | null };
      const observations = people.map((raw) => ({ sourceId: raw.id as string, raw }));
      const end = { complete: [{ kind: 'user', scope: '*', proof: 'no next page' }], cursor } as const;
      yield { kind: 'user', begin, observations, ...(next === null ? end : {}) };
      page = next;
    }
  }

  async *readDelta(from: Json, request: ReadRequest): AsyncGenerator<DeltaPage> {
    for (let [cursor, more] = [from, true]; more;) {
      const begin = await request.mark();
      const { status, body } = await this.#get(`/changes?since=${JSON.stringify(cursor)}`, request.signal);
      if (status === 410) throw new CursorExpired({ what: 'The stream begins later.', mend: 'Nothing to do.' });
      const { items, ...rest } = body as {
        items: { id: string; person: JsonObject | null }[];
        cursor: Json;
        more: boolean;
      };
      ({ cursor, more } = rest);
      yield {
        kind: 'user',
        begin,
        observations: items.flatMap(({ id, person }) => (person === null ? [] : [{ sourceId: id, raw: person }])),
        departures: items.flatMap(({ id, person }) => (person === null ? [{ sourceId: id }] : [])),
        cursor,
      };
    }
  }

  async readOne(kind: RecordKind, sourceId: string, request: ReadRequest): Promise<Page> {
    const begin = await request.mark();
    const { status, body } = await this.#get(`/people/${encodeURIComponent(sourceId)}`, request.signal);
    if (status === 404) return { kind, begin, observations: [], departures: [{ sourceId }] };
    return { kind, begin, observations: [{ sourceId, raw: body }] };
  }

  receive({ method, headers, query, body }: InboundRequest): Promise<Reception> {
    const challenge = new URLSearchParams(query).get('challenge');
    if (method === 'GET' && challenge !== null)
      return Promise.resolve({ notifications: [], answer: { contentType: 'text/plain', body: challenge } });
    this.#verify(headers, body);
    const { receipt, id } = JSON.parse(new TextDecoder().decode(body)) as { receipt: string; id?: string };
    const subject = id === undefined ? {} : { subject: { kind: 'user', sourceId: id } as const };
    return Promise.resolve({ notifications: [{ receipt, ...subject }] });
  }

  #verify(headers: InboundRequest['headers'], body: Uint8Array): void {
    const time = headers['x-time'] ?? '';
    const expected = createHmac('sha256', this.#settings.signingSecret).update(`${time}.`).update(body).digest();
    const given = Buffer.from(headers['x-signature'] ?? '', 'hex');
    const isRight = given.length === expected.length && timingSafeEqual(given, expected);
    const isNow = Math.abs(Date.parse(time) - this.#clock.now().getTime()) <= WINDOW_MS;
    if (!isRight || !isNow) throw new NotificationRefused({ what: 'It is not signed, or not now.', mend: 'Sign it.' });
  }

  async #get(path: string, signal: AbortSignal): Promise<{ status: number; body: JsonObject }> {
    signal.throwIfAborted();
    const response = await fetch(`${this.#settings.url}${path}`, { signal }).catch((cause: unknown) => {
      throw new SourceUnavailable({ what: 'The personnel system does not answer.', mend: 'Start it.', cause });
    });
    if (response.status === 401) throw new AuthenticationFailed({ what: 'The key is refused.', mend: 'Give another.' });
    if (response.status >= 500) throw new SourceUnavailable({ what: 'The personnel system fails.', mend: 'Wait.' });
    return { status: response.status, body: (await response.json()) as JsonObject };
  }
}

/** What it declares. */
export const DECLARATION = {
  id: 'personnel',
  apiVersion: 1,
  title: 'A personnel system',
  settings: {
    type: 'object',
    additionalProperties: false,
    required: ['url', 'signingSecret'],
    properties: {
      url: { type: 'string', title: 'URL', description: 'Where it answers.' },
      signingSecret: { type: 'string', title: 'Signing secret', description: 'Of its notifications.', secret: true },
    },
  },
  capabilities: { kinds: ['user'], full: true, delta: true, one: true, notifications: true },
  needs: { settings: SETTINGS, clock: CLOCK },
} as const;

/** The connector `personnel`, or with other capabilities: what it does not declare is not asked for. */
export function personnel(capabilities: Partial<Record<'delta' | 'one' | 'notifications', boolean>> = {}) {
  return defineConnector({
    ...DECLARATION,
    capabilities: { ...DECLARATION.capabilities, ...capabilities },
    create: ({ settings, clock }) => new PersonnelConnector(settings as Settings, clock),
  });
}
