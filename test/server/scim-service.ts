import { randomBytes } from 'node:crypto';
import type { JsonObject } from '@rollcall/connector-kit';
import { createServer, type Limits, type RollcallServer } from '@rollcall/server';
import { PushedProject, tenantFile } from '../support/pushed.js';
import type { StoreKind } from '../support/stores.js';

/** An answer, read as a whole. */
export interface ScimAnswer {
  status: number;
  headers: Headers;
  text: string;
  document: JsonObject;
}

/** What a test sends: a JSON document, or bytes as they are. */
export interface ScimSent {
  body?: JsonObject | string | Uint8Array;
  headers?: Readonly<Record<string, string>>;
  /** Default: the directory's own. */
  token?: string | null;
}

/** A service on a port of its own, with a directory that is pushed to. */
export class ScimService {
  readonly log: string[] = [];
  id = '';
  token = '';
  url = '';
  #server: RollcallServer | undefined;

  private constructor(readonly project: PushedProject) {}

  static async open(kind: StoreKind, limits: Partial<Limits> = {}): Promise<ScimService> {
    const tenants = { acme: tenantFile(), bravo: tenantFile({ tenant: 'bravo' }) };
    const service = new ScimService(await PushedProject.create(kind, tenants));
    await service.start(limits);
    return service;
  }

  async start(limits: Partial<Limits> = {}): Promise<void> {
    this.#server = await createServer({
      rollcall: this.project.rollcall,
      secretKey: randomBytes(32),
      log: { write: (line) => this.log.push(line) },
      limits: { scimRequestsPerTenSeconds: 1_000_000, ...limits },
    });
    this.url = await this.#server.listen({ host: '127.0.0.1', port: 0 });
    ({ id: this.id, token: this.token } = await this.project.enter('okta'));
  }

  /** The address that an administrator enters at the provider. */
  get base(): string {
    return `${this.url}/scim/v2/${this.id}`;
  }

  /** @param path - behind the directory, or, with `//`, a whole path of the service. */
  async send(
    method: string,
    path: string,
    { body, headers = {}, token = this.token }: ScimSent = {},
  ): Promise<ScimAnswer> {
    const bearer = token === null ? {} : { authorization: `Bearer ${token}` };
    const typed = body === undefined ? {} : { 'content-type': 'application/scim+json' };
    const response = await fetch(path.startsWith('//') ? `${this.url}${path.slice(1)}` : `${this.base}${path}`, {
      method,
      headers: { ...bearer, ...typed, ...headers },
      ...(body === undefined ? {} : { body: bytesOf(body) }),
    });
    return read(response);
  }

  async close(): Promise<void> {
    await this.#server?.drain();
    await this.project.remove();
  }
}

function bytesOf(body: NonNullable<ScimSent['body']>): string | Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}

async function read(response: Response): Promise<ScimAnswer> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    document: isJson ? (JSON.parse(text) as JsonObject) : {},
  };
}
