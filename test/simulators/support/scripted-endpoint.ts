import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it was sent, and what was answered. */
export interface Entry {
  readonly send: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer: number;
  readonly answered?: unknown;
}

const telling = ['authorization', 'user-agent', 'accept', 'content-type'];

/** An endpoint that answers from a list and writes down what it was sent; or one that asks another server, to make such a list. */
export class ScriptedEndpoint {
  readonly entries: Entry[] = [];
  #answers: Pick<Entry, 'answer' | 'answered'>[] = [];
  #behind: string | undefined;
  readonly #server: Server = createServer((request, response) => {
    void this.#serve(request, response);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/scim/v2/acme`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The answers to come, in order. */
  script(entries: readonly Entry[]): void {
    this.entries.length = 0;
    this.#answers = entries.map(({ answer, answered }) => ({ answer, answered }));
  }

  /** Asks the server at this address instead. */
  record(origin: string): void {
    this.entries.length = 0;
    this.#behind = origin;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const text = Buffer.concat(chunks).toString('utf8');
    const headers = Object.fromEntries(
      telling.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]])),
    );
    const { answer, answered } = await this.#answerTo(request, text);
    const body = text === '' ? {} : { body: JSON.parse(text) as unknown };
    const reply = answered === undefined ? {} : { answered };
    this.entries.push({ send: `${request.method ?? ''} ${request.url ?? ''}`, headers, ...body, answer, ...reply });
    const plain = request.headers.accept === 'application/json' ? 'application/json' : 'application/scim+json';
    response.writeHead(answer, answered === undefined ? {} : { 'Content-Type': plain });
    response.end(answered === undefined ? undefined : JSON.stringify(answered));
  }

  async #answerTo(request: IncomingMessage, text: string): Promise<Pick<Entry, 'answer' | 'answered'>> {
    if (this.#behind === undefined) return this.#answers.shift() ?? { answer: 418, answered: undefined };
    const headers = { authorization: request.headers.authorization ?? '', accept: request.headers.accept ?? '' };
    const answer = await fetch(new URL(request.url ?? '/', this.#behind), {
      method: request.method ?? 'GET',
      headers,
      ...(text === '' ? {} : { body: text }),
    });
    const answered = await answer.text();
    return { answer: answer.status, ...(answered === '' ? {} : { answered: JSON.parse(answered) as unknown }) };
  }
}
