import { request as httpRequest, Agent as HttpAgent, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string | undefined;
}

export interface WireAnswer {
  readonly status: number;
  /** Lower-case names; a header that came twice is joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** No whole answer came: the socket closed, the time was up, or this side dropped it. The server may have done the work. */
export class ConnectionBroken extends Error {
  override readonly name = 'ConnectionBroken';
}

export interface ExchangeOptions {
  readonly timeoutMs: number;
  /** Closes the socket as soon as the answer begins, so that the server has done the work and nobody heard of it. */
  readonly dropsAnswer: boolean;
}

/** A step may send several requests at once; beyond so many they wait for one another. */
const mostConnections = 32;

/** The connections of one simulated provider; `close` ends those that are idle. */
export class Connections {
  readonly #plain = new HttpAgent({ keepAlive: true, maxSockets: mostConnections });
  readonly #secure = new HttpsAgent({ keepAlive: true, maxSockets: mostConnections });

  /**
   * Sends one request, once.
   *
   * @throws {ConnectionBroken} when no whole answer came.
   */
  async exchange(request: WireRequest, options: ExchangeOptions): Promise<WireAnswer> {
    const response = await this.#responseTo(request, options);
    if (options.dropsAnswer) {
      response.destroy();
      throw new ConnectionBroken('The simulator dropped the answer.');
    }
    return { status: response.statusCode ?? 0, headers: headersOf(response), text: await textOf(response) };
  }

  #responseTo(request: WireRequest, options: ExchangeOptions): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = this.#open(request);
      const broken = (error: Error): void => {
        reject(new ConnectionBroken(error.message, { cause: error }));
      };
      sent.once('response', resolve);
      sent.on('error', broken);
      sent.setTimeout(options.timeoutMs, () => {
        sent.destroy(new Error(`No answer within ${options.timeoutMs} ms.`));
      });
      sent.end(request.body);
    });
  }

  #open({ method, url, headers, body }: WireRequest): ClientRequest {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const all = { ...headers, ...length };
    return url.protocol === 'https:'
      ? httpsRequest(url, { method, headers: all, agent: this.#secure })
      : httpRequest(url, { method, headers: all, agent: this.#plain });
  }

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }
}

function headersOf(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

async function textOf(response: IncomingMessage): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw new ConnectionBroken('The answer broke off.', { cause: error });
  }
}
