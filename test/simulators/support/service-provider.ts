import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { matches, parseFilter } from './filter.js';
import { enterprise } from './patch.js';
import { Resources, type Mistakes, type Resource, type ResourceName } from './resources.js';
import { isJson, ScimError, type Json } from './scim-error.js';

export const token = 'Bearer-less-s3cret';

/** What befalls a request before or after the work; `undefined`: nothing. */
export type Fate =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: 'drop before' }
  | { readonly kind: 'drop after' }
  | { readonly kind: 'silence' };

export interface ServiceProviderOptions {
  readonly putKeeps?: boolean;
  readonly mistakes?: Mistakes;
  readonly fate?: (request: {
    readonly method: string;
    readonly path: string;
    readonly no: number;
  }) => Fate | undefined;
  /** Resources a page at most. */
  readonly pageLimit?: number;
  /** Body and type of a success, instead of what is right. */
  readonly answersWith?: { readonly type?: string; readonly emptyCreated?: boolean };
}

interface Reply {
  readonly status: number;
  readonly body?: Json;
}

/** A SCIM service provider in memory, written from RFC 7643 and 7644 for these tests alone. */
export class ServiceProvider {
  readonly resources: Resources;
  readonly requests: string[] = [];
  /** How often a client connected. */
  connections = 0;
  #closed = 0;
  #onClose: () => void = () => undefined;
  readonly #server: Server;
  #ids = 0;

  constructor(private readonly options: ServiceProviderOptions = {}) {
    this.resources = new Resources({
      putKeeps: options.putKeeps ?? false,
      mistakes: options.mistakes ?? {},
      newId: (kind) => {
        this.#ids += 1;
        return `${kind === 'Users' ? 'u' : 'g'}-${this.#ids}`;
      },
    });
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    // A connection ends because somebody ended it, never because nothing came for a while.
    this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket) => {
      this.connections += 1;
      socket.once('close', () => {
        this.#closed += 1;
        this.#onClose();
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/scim/v2/acme`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves when so many connections have ended. */
  async untilClosed(count: number): Promise<void> {
    while (this.#closed < count)
      await new Promise<void>((resolve) => {
        this.#onClose = resolve;
      });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname.replace(/^\/scim\/v2\/acme/, '');
    const method = request.method ?? '';
    this.requests.push(`${method} ${path}`);
    const fate = this.options.fate?.({ method, path, no: this.requests.length });
    if (fate !== undefined && fate.kind !== 'drop after') {
      meet(fate, request, response);
      return;
    }
    if (this.options.mistakes?.racesOnMembers) await this.#race(method, path);
    const reply = this.#replyTo(request, { method, path, query: url.searchParams, text });
    if (fate?.kind === 'drop after') request.socket.destroy();
    else this.#send(request, response, reply);
  }

  /** Puts members back that were read before others wrote. */
  async #race(method: string, path: string): Promise<void> {
    const group = method === 'PATCH' ? this.resources.Groups.get(path.replace('/Groups/', '')) : undefined;
    if (group === undefined) return;
    const stale = new Map(group.members);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    group.members = stale;
  }

  #send(request: IncomingMessage, response: ServerResponse, { status, body }: Reply): void {
    const wantsPlain = request.headers.accept === 'application/json';
    const type = this.options.answersWith?.type ?? (wantsPlain ? 'application/json' : 'application/scim+json');
    response.writeHead(status, body === undefined ? {} : { 'Content-Type': `${type}; charset=utf-8` });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  #replyTo(
    request: IncomingMessage,
    call: { method: string; path: string; query: URLSearchParams; text: string },
  ): Reply {
    try {
      const given = (request.headers.authorization ?? '').replace(/^bearer /i, '');
      if (given !== token) throw new ScimError(401, undefined, 'The token is wrong.');
      return this.#route(call);
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
      const scimType = error.scimType === undefined ? {} : { scimType: error.scimType };
      return {
        status: error.status,
        body: { schemas, status: String(error.status), ...scimType, detail: error.message },
      };
    }
  }

  #route({ method, path, query, text }: { method: string; path: string; query: URLSearchParams; text: string }): Reply {
    if (path === '/ServiceProviderConfig') return { status: 200, body: { patch: { supported: true } } };
    const [, kind = '', id] = /^\/(Users|Groups)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (kind !== 'Users' && kind !== 'Groups') throw new ScimError(404, undefined, `There is nothing at ${path}.`);
    if (id === undefined) return method === 'POST' ? this.#create(kind, parsed(text)) : this.#list(kind, query);
    return this.#one(method, kind, decodeURIComponent(id), query, text);
  }

  #create(kind: ResourceName, body: Json): Reply {
    const resource = this.resources.create(kind, body);
    if (this.options.answersWith?.emptyCreated) return { status: 201 };
    return { status: 201, body: shown(kind, resource, new URLSearchParams()) };
  }

  #one(method: string, kind: ResourceName, id: string, query: URLSearchParams, text: string): Reply {
    switch (method) {
      case 'GET':
        return { status: 200, body: shown(kind, this.#visible(kind, id), query) };
      case 'PUT':
        return { status: 200, body: shown(kind, this.resources.replace(kind, id, parsed(text)), query) };
      case 'PATCH': {
        const resource = this.resources.patch(kind, id, parsed(text));
        return kind === 'Groups' ? { status: 204 } : { status: 200, body: shown(kind, resource, query) };
      }
      case 'DELETE':
        this.resources.delete(kind, id);
        return { status: 204 };
      default:
        throw new ScimError(405, undefined, `${method} is not allowed.`);
    }
  }

  #visible(kind: ResourceName, id: string): Resource {
    const resource = this.resources.get(kind, id);
    if (this.options.mistakes?.hidesInactive && resource.attributes.active === false)
      throw new ScimError(404, undefined, `There is no ${id} among ${kind}.`);
    return resource;
  }

  #list(kind: ResourceName, query: URLSearchParams): Reply {
    const found = this.#found(kind, query.get('filter'));
    const limit = this.options.pageLimit ?? 200;
    const startIndex = Math.max(1, Number(query.get('startIndex') ?? 1));
    const count = Math.min(limit, Math.max(0, Number(query.get('count') ?? limit)));
    const from = this.options.mistakes?.repeatsOnPages && startIndex > 1 ? startIndex - 2 : startIndex - 1;
    const page = found.slice(from, from + count);
    return {
      status: 200,
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: found.length,
        startIndex,
        itemsPerPage: page.length,
        Resources: page.map((resource) => shown(kind, resource, query)),
      },
    };
  }

  #found(kind: ResourceName, filter: string | null): Resource[] {
    if (filter === null) return [...this.resources[kind].values()];
    const wanted = parseFilter(filter);
    const [first] = wanted;
    const name = kind === 'Users' ? 'userName' : 'displayName';
    if (wanted.length === 1 && first?.attribute === name) {
      const resource = this.resources.byName(kind, String(first.value));
      return resource === undefined ? [] : [resource];
    }
    const id = wanted.find(({ attribute }) => attribute === 'id')?.value;
    const among =
      typeof id === 'string' ? [this.resources[kind].get(id) ?? []].flat() : [...this.resources[kind].values()];
    return among.filter(({ id, attributes }) => matches({ id, ...attributes }, wanted));
  }
}

/** The request ends before any work is done; in silence it does not even end. */
function meet(fate: Fate, request: IncomingMessage, response: ServerResponse): void {
  if (fate.kind === 'drop before') request.socket.destroy();
  if (fate.kind === 'answer') response.writeHead(fate.status, fate.headers).end();
}

function shown(kind: ResourceName, { id, attributes, members, version }: Resource, query: URLSearchParams): Json {
  const resourceType = kind === 'Users' ? 'User' : 'Group';
  const schemas = [
    `urn:ietf:params:scim:schemas:core:2.0:${resourceType}`,
    ...(enterprise in attributes ? [enterprise] : []),
  ];
  if (query.get('attributes') === 'id') return { schemas, id };
  const hidesMembers = kind === 'Users' || query.get('excludedAttributes') === 'members';
  return {
    ...attributes,
    schemas,
    id,
    ...(hidesMembers ? {} : { members: [...members.values()] }),
    meta: { resourceType, version: `W/"${version}"` },
  };
}

function parsed(text: string): Json {
  try {
    const body: unknown = JSON.parse(text);
    if (isJson(body)) return body;
  } catch {
    // Falls through to the error below.
  }
  throw new ScimError(400, 'invalidSyntax', 'The body is no JSON object.');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}
