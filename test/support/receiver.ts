import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as a receiver of webhooks got it. */
export interface Received {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  /** The exact text. */
  body: string;
}

/** How a receiver answers: a status, or whatever it does with the response. */
export type Answer = (received: Received, response: ServerResponse) => number | undefined | Promise<number | undefined>;

/** A real receiver of webhooks on this machine. It keeps what it got. */
export class Receiver implements AsyncDisposable {
  readonly received: Received[] = [];
  answer: Answer = () => 204;
  readonly #server: Server;

  private constructor(tls?: { key: string; cert: string }) {
    const take = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#take(request, response);
    };
    this.#server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
  }

  static async open(tls?: { key: string; cert: string }): Promise<Receiver> {
    const receiver = new Receiver(tls);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/hooks'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** The ids of what it got, in order. */
  get ids(): string[] {
    return this.received.map(({ headers }) => headers['webhook-id'] ?? '');
  }

  /** Forgets what it got. */
  forget(): void {
    this.received.length = 0;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the sender gave up
    }
    const received: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString(),
    };
    this.received.push(received);
    const status = await this.answer(received, response);
    if (status !== undefined) response.writeHead(status).end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
