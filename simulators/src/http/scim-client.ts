import { isObject } from '../scim/json.js';
import { ConnectionBroken, Connections, type WireAnswer, type WireRequest } from './exchange.js';
import type { Faults } from './faults.js';
import { isWorthRepeating, waitBefore, type RetryRule } from './retry-rules.js';

/** The methods of SCIM. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request that was answered, as a transcript shows it. The authorization header is among the headers. */
export interface Exchange {
  readonly method: Method;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
}

export interface Answer {
  readonly status: number;
  /** The parsed body; undefined where there was none. */
  readonly body: unknown;
  /** Whether the request had gone out before, so that the server may have done the work twice. */
  readonly isRepeated: boolean;
}

/** The server said no: a status that is not retried, or an answer that the provider cannot use. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Requests as they went over the wire, and what happened to them. */
export interface Counters {
  requests: number;
  retries: number;
  duplicates: number;
  drops: number;
  rateLimited: number;
}

export interface ScimClientOptions {
  /** With its query, if it has one: Entra's flags stand there. */
  readonly baseUrl: string;
  readonly headers: (method: Method) => Record<string, string>;
  /** Media types of answers that the provider reads. */
  readonly reads: readonly string[];
  /** `%20` or `+` for a space in a query. */
  readonly space: '%20' | '+';
  readonly retries: RetryRule;
  readonly faults: Faults;
  readonly timeoutMs: number;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
}

/** Sends SCIM requests as one provider does: its headers, its retries, and the faults that were asked for. */
export class ScimClient {
  readonly counters: Counters = { requests: 0, retries: 0, duplicates: 0, drops: 0, rateLimited: 0 };
  readonly #connections = new Connections();
  readonly #base: URL;

  constructor(private readonly options: ScimClientOptions) {
    this.#base = new URL(options.baseUrl);
  }

  /**
   * Sends a request until it is answered.
   *
   * @param path - below the base URL, such as `/Users/42`.
   * @param accepts - statuses above 299 that the caller deals with.
   * @throws {Refused} for any other status from 300, and when the retries are used up.
   */
  async request(
    method: Method,
    path: string,
    content: { query?: Readonly<Record<string, string>>; body?: unknown } = {},
    accepts: readonly number[] = [],
  ): Promise<Answer> {
    const wire = this.#wire(method, path, content);
    const { answer, sent } = await this.#answered(wire, content.body);
    if (answer.status >= 300 && !accepts.includes(answer.status))
      throw new Refused(`${method} ${wire.url.pathname}${wire.url.search}: ${described(answer)}`, answer.status);
    return { status: answer.status, body: this.#parsed(wire, answer), isRepeated: sent > 1 };
  }

  /** The absolute address of a path below the base URL, without a query. */
  addressOf(path: string): string {
    return `${this.#base.origin}${this.#base.pathname.replace(/\/$/, '')}${path}`;
  }

  close(): void {
    this.#connections.close();
  }

  #wire(
    method: Method,
    path: string,
    content: { query?: Readonly<Record<string, string>>; body?: unknown },
  ): WireRequest {
    const query = Object.entries(content.query ?? {}).map(
      ([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%20', this.options.space)}`,
    );
    const own = this.#base.search === '' ? [] : [this.#base.search.slice(1)];
    const search = [...own, ...query].join('&');
    const at = `${this.addressOf(path)}${search === '' ? '' : `?${search}`}`;
    const body = content.body === undefined ? undefined : JSON.stringify(content.body);
    return { method, url: new URL(at), headers: this.options.headers(method), body };
  }

  async #answered(wire: WireRequest, body: unknown): Promise<{ answer: WireAnswer; sent: number }> {
    const { retries, wait } = this.options;
    for (let sent = 1; ; sent += 1) {
      const answer = await this.#sentWithFaults(wire);
      if (answer !== undefined) this.#tell(wire, body, answer.status);
      if (answer !== undefined && !isWorthRepeating(answer.status)) return { answer, sent };
      if (answer?.status === 429) this.counters.rateLimited += 1;
      if (sent >= retries.attempts)
        throw new Refused(
          `${wire.method} ${wire.url.pathname}: given up after ${sent} attempts; ${described(answer)}`,
          answer?.status ?? 0,
        );
      this.counters.retries += 1;
      await wait(waitBefore(retries, answer, sent));
    }
  }

  async #sentWithFaults(wire: WireRequest): Promise<WireAnswer | undefined> {
    const { faults } = this.options;
    const dropsAnswer = faults.dropsAnswer();
    if (dropsAnswer) this.counters.drops += 1;
    const duplicate = dropsAnswer ? 'none' : faults.duplicate(wire.method);
    if (duplicate === 'none') return this.#once(wire, dropsAnswer);
    this.counters.duplicates += 1;
    const first = duplicate === 'after' ? await this.#once(wire, false) : this.#once(wire, false);
    const answers = await Promise.all([first, this.#once(wire, false)]);
    return answers.find((answer) => answer !== undefined && answer.status < 300) ?? answers[0];
  }

  async #once(wire: WireRequest, dropsAnswer: boolean): Promise<WireAnswer | undefined> {
    this.counters.requests += 1;
    try {
      return await this.#connections.exchange(wire, { timeoutMs: this.options.timeoutMs, dropsAnswer });
    } catch (error) {
      if (error instanceof ConnectionBroken) return undefined;
      throw error;
    }
  }

  #tell({ method, url, headers }: WireRequest, body: unknown, status: number): void {
    const path = `${url.pathname}${url.search}`;
    this.options.onExchange?.({ method: method as Method, path, headers, body, status });
  }

  #parsed({ method, url }: WireRequest, answer: WireAnswer): unknown {
    if (answer.text === '') return undefined;
    const type = answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
    if (answer.status < 300 && !this.options.reads.includes(type))
      throw new Refused(
        `${method} ${url.pathname}: the answer is ${type || 'of no type'}, wanted ${this.options.reads.join(' or ')}`,
        answer.status,
      );
    try {
      return JSON.parse(answer.text) as unknown;
    } catch {
      throw new Refused(`${method} ${url.pathname}: the answer is not JSON`, answer.status);
    }
  }
}

/** What an administrator would read of a failure: the status and the SCIM `detail`. */
function described(answer: WireAnswer | undefined): string {
  if (answer === undefined) return 'no answer';
  try {
    const body: unknown = JSON.parse(answer.text);
    const detail = isObject(body) && typeof body.detail === 'string' ? `: ${body.detail}` : '';
    return `${answer.status}${detail}`;
  } catch {
    return String(answer.status);
  }
}
