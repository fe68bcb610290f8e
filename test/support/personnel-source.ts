import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@rollcall/connector-kit';
import { Gate } from './gate.js';

/** A person as the personnel system shows them. */
export interface Person extends JsonObject {
  id: string;
  login: string;
  team: string;
  works: boolean;
}

/** The key that it signs what it tells with. */
export const SIGNING_KEY = 'personnel-signing-key';

/** A notification as it goes over the wire. */
export interface SignedNotification {
  body: string;
  headers: Record<string, string>;
}

/** An answer that waits. */
export interface HeldAnswer {
  /** Resolves when it was made and waits. */
  reached: Promise<void>;
  letGo(): void;
}

interface Change {
  at: number;
  id: string;
}

const PAGE = 2;

/**
 * A personnel system over HTTP in the process of the test: whole reads in pages, a stream of changes, single people, and
 * signed notifications. A test may lose what it tells, leave changes out of its stream, and hold its answers.
 */
export class PersonnelSource {
  readonly people = new Map<string, Person>();
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Awaited after an answer was made and before it is sent. */
  held: (path: string) => Promise<void> = () => Promise.resolve();
  /** A status instead of an answer; null: as usual. */
  fails: (path: string) => number | null = () => null;
  #changes: Change[] = [];
  #clock = 0;
  #oldest = 0;
  #receipts = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async open(): Promise<PersonnelSource> {
    const source = new PersonnelSource();
    await new Promise<void>((resolve) => source.#server.listen(0, '127.0.0.1', resolve));
    return source;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Adds or changes somebody; `silently`: the stream does not have it. */
  put(person: Partial<Person> & { id: string }, { silently = false } = {}): void {
    const before = this.people.get(person.id) ?? { login: person.id, team: 'Research', works: true };
    this.people.set(person.id, { ...before, ...person } as Person);
    if (!silently) this.#changes.push({ at: ++this.#clock, id: person.id });
  }

  remove(id: string, { silently = false } = {}): void {
    this.people.delete(id);
    if (!silently) this.#changes.push({ at: ++this.#clock, id });
  }

  /** The stream forgets what it has: cursors from before are refused. */
  expireCursors(): void {
    this.#oldest = ++this.#clock;
    this.#changes = [];
  }

  /** What it tells of somebody, or, without an id, of a change. */
  tell(id: string | null, at: Date, receipt = `n-${String(++this.#receipts)}`): SignedNotification {
    return signed(JSON.stringify({ receipt, ...(id === null ? {} : { id }) }), at);
  }

  /** Holds the answer to the first request of a path once it was made; one at a time. */
  hold(wanted: string): HeldAnswer {
    const [reached, gate] = [new Gate(), new Gate()];
    this.held = async (path) => {
      if (path !== wanted) return;
      this.held = () => Promise.resolve();
      reached.open();
      await gate.passed;
    };
    return {
      reached: reached.passed,
      letGo: () => {
        gate.open();
      },
    };
  }

  /** How often a path was asked for. */
  countOf(path: string): number {
    return this.asked.filter((one) => one === path || one.startsWith(`${path}?`)).length;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    this.asked.push(path);
    const failure = this.fails(path);
    const { status, body } = failure === null ? this.#make(new URL(path, this.url)) : { status: failure, body: {} };
    const text = JSON.stringify(body);
    await this.held(path);
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  }

  #make({ pathname, searchParams }: URL): { status: number; body: JsonObject } {
    if (pathname === '/people') return { status: 200, body: this.#page(Number(searchParams.get('page') ?? 0)) };
    if (pathname === '/cursor') return { status: 200, body: { cursor: this.#clock } };
    if (pathname === '/changes') return this.#since(Number(searchParams.get('since')));
    const person = this.people.get(decodeURIComponent(pathname.slice('/people/'.length)));
    return person === undefined ? { status: 404, body: {} } : { status: 200, body: person };
  }

  #page(page: number): JsonObject {
    const all = [...this.people.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const people = all.slice(page * PAGE, (page + 1) * PAGE);
    return { people, next: (page + 1) * PAGE < all.length ? page + 1 : null };
  }

  #since(since: number): { status: number; body: JsonObject } {
    if (since < this.#oldest) return { status: 410, body: {} };
    const later = this.#changes.filter(({ at }) => at > since);
    const changes = later.slice(0, PAGE);
    const items = changes.map(({ id }) => ({ id, person: this.people.get(id) ?? null }));
    return { status: 200, body: { items, cursor: changes.at(-1)?.at ?? since, more: later.length > PAGE } };
  }
}

/** Signs a body as the source does. */
export function signed(body: string, at: Date, key = SIGNING_KEY): SignedNotification {
  const time = at.toISOString();
  const signature = createHmac('sha256', key).update(`${time}.${body}`).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-time': time, 'x-signature': signature } };
}
