import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, request, type Dispatcher } from 'undici';
import { isAllowedHost, isRightAddress, judgeUrl, portOfUrl, type AllowedHosts } from './outbound-url.js';

/** How a dialer connects. */
export interface DialerOptions {
  allowedHosts?: AllowedHosts;
  /** All addresses of a name; the system's resolver when left out. */
  lookup?: (host: string) => Promise<readonly LookupAddress[]>;
  /** Milliseconds to connect (10,000), and from the beginning to the end of the answer (20,000). */
  timeouts?: { connectMs: number; answerMs: number };
  /** Certificates, PEM, that are trusted instead of the usual ones. */
  ca?: string;
}

/** Why there is no answer. */
export type DialFailure =
  'forbiddenUrl' | 'forbiddenAddress' | 'unresolvable' | 'unreachable' | 'tls' | 'timeout' | 'protocol' | 'stopped';

/** What came of a request: an answer, whatever its status, or none. */
export type Dialed =
  | { answer: { status: number; retryAfter: string | null; body: string }; failure: null }
  | { answer: null; failure: DialFailure };

/** What is sent. */
export interface DialRequest {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** More of an answer is not read. */
const MOST_BYTES = 16_384;
const MOST_HEADER_BYTES = 16_384;
const TIMEOUTS = { connectMs: 10_000, answerMs: 20_000 };

class ForbiddenAddress extends Error {
  readonly code = 'FORBIDDEN_ADDRESS';
}

/**
 * Connects to where strangers say, and to nowhere that they must not reach: a name is resolved once, each of its
 * addresses is judged, and one of these is connected to, with the name in the TLS handshake. No redirect is followed, no
 * packed body unpacked.
 */
export class Dialer {
  readonly #hosts: AllowedHosts;
  readonly #resolve: NonNullable<DialerOptions['lookup']>;
  readonly #timeouts: NonNullable<DialerOptions['timeouts']>;
  readonly #agent: Agent;

  constructor({ allowedHosts = [], lookup, timeouts = TIMEOUTS, ca }: DialerOptions = {}) {
    this.#hosts = allowedHosts;
    this.#resolve = lookup ?? ((host) => systemLookup(host, { all: true, verbatim: true }));
    this.#timeouts = timeouts;
    const common = { timeout: timeouts.connectMs, ...(ca === undefined ? {} : { ca }) };
    const strict = buildConnector({ ...common, lookup: this.#lookup(false) });
    const lenient = buildConnector({ ...common, lookup: this.#lookup(true) });
    this.#agent = new Agent({
      connect: (options, callback) => {
        const isAllowed = isAllowedHost(this.#hosts, options.hostname, portOfUrl(options));
        (isAllowed ? lenient : strict)(options, callback);
      },
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: timeouts.answerMs,
      bodyTimeout: timeouts.answerMs,
    });
  }

  /** Sends `request` to `text`, an absolute URL. Never throws for what the other side does. */
  async post(text: string, { headers, body }: DialRequest, stop: AbortSignal): Promise<Dialed> {
    const judged = judgeUrl(text, this.#hosts);
    if (typeof judged === 'string')
      return { answer: null, failure: judged === 'host' ? 'forbiddenAddress' : 'forbiddenUrl' };
    const end = new AbortController();
    const onStop = (): void => {
      end.abort('stopped');
    };
    const timer = setTimeout(() => {
      end.abort('timeout');
    }, this.#timeouts.answerMs);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    try {
      const options = { method: 'POST', headers, body, dispatcher: this.#agent, signal: end.signal } as const;
      return { answer: await answerOf(await request(judged.url, options)), failure: null };
    } catch (error) {
      return { answer: null, failure: end.signal.aborted ? (end.signal.reason as DialFailure) : failureOf(error) };
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    }
  }

  #lookup(isAllowed: boolean): LookupFunction {
    return (host, options, callback) => {
      this.#rightAddresses(host, isAllowed).then(
        (addresses) => {
          const [first] = addresses;
          if (options.all === true || first === undefined) callback(null, [...addresses]);
          else callback(null, first.address, first.family);
        },
        (error: unknown) => {
          callback(error as NodeJS.ErrnoException, '');
        },
      );
    };
  }

  /** One forbidden address among others forbids the name: whoever made it so means no good. */
  async #rightAddresses(host: string, isAllowed: boolean): Promise<readonly LookupAddress[]> {
    const addresses = await this.#resolve(host);
    if (addresses.length === 0) throw Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' });
    if (addresses.every(({ address }) => isRightAddress(address, isAllowed))) return addresses;
    throw new ForbiddenAddress('The name has an address that is not connected to.');
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

async function answerOf({
  statusCode,
  headers,
  body,
}: Dispatcher.ResponseData): Promise<NonNullable<Dialed['answer']>> {
  const retryAfter = headers['retry-after'];
  return {
    status: statusCode,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
    body: await readSome(body),
  };
}

/** The status has come: whatever becomes of the rest of the answer is no failure. */
async function readSome(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      // Leaving the loop closes the connection.
      if (size >= MOST_BYTES) break;
    }
  } catch {
    // What came until then is all there is.
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString();
}

const FAILURES: readonly (readonly [pattern: RegExp, failure: DialFailure])[] = [
  [/^FORBIDDEN_ADDRESS$/, 'forbiddenAddress'],
  [/^(ENOTFOUND|EAI_)/, 'unresolvable'],
  [/TIMEOUT|^ETIMEDOUT$/, 'timeout'],
  [/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH)/, 'tls'],
  [/^(HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES)/, 'protocol'],
];

function failureOf(error: unknown): DialFailure {
  const { code, name = '' } = (error ?? {}) as { code?: string; name?: string };
  return FAILURES.find(([pattern]) => pattern.test(code ?? name))?.[1] ?? 'unreachable';
}
