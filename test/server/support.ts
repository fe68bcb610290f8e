import { randomBytes } from 'node:crypto';
import { readProject, type ApiKeyRequest, type Rollcall } from '@rollcall/core';
import { createServer, type Limits, type RollcallServer, type ServerOptions } from '@rollcall/server';
import { FIRST_DAY, TestProject } from '../support/project.js';
import type { StoreKind } from '../support/stores.js';

/** An answer, read as a whole. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON. */
  body: Readonly<Record<string, unknown>> & { code?: string; items?: readonly Item[]; next?: string | number | null };
}

export type Item = Readonly<Record<string, unknown>>;

export interface ServiceOptions extends Pick<ServerOptions, 'surfaces' | 'trustProxy'> {
  limits?: Partial<Limits>;
  secretKey?: Buffer;
  /** Edits the example project before anything is synced. */
  arrange?: (project: TestProject) => Promise<void>;
}

/** The example project with the tenants acme and bravo, both synced, and a service of it on a port of its own. */
export class TestService {
  readonly log: string[] = [];
  now = new Date(FIRST_DAY);
  url = '';
  server: RollcallServer | undefined;

  private constructor(
    readonly project: TestProject,
    public rollcall: Rollcall,
  ) {}

  static async open(kind: StoreKind, options: ServiceOptions = {}): Promise<TestService> {
    const project = await TestProject.create(kind);
    await options.arrange?.(project);
    const acme = await project.read('tenants/acme.yaml');
    await project.write('tenants/bravo.yaml', acme.replace('tenant: acme', 'tenant: bravo'));
    const configuration = await readProject(project.folder, { resolveFrom: import.meta.url });
    const clock = { now: () => service.now };
    const service = new TestService(project, await project.openWith(clock));
    await service.rollcall.apply(configuration);
    for (const tenant of ['acme', 'bravo']) await (await service.rollcall.tenant(tenant)).sync();
    await service.start(options);
    return service;
  }

  async start(options: ServiceOptions = {}): Promise<void> {
    this.server = await createServer({
      rollcall: this.rollcall,
      secretKey: options.secretKey ?? randomBytes(32),
      log: { write: (line) => this.log.push(line) },
      ...(options.surfaces === undefined ? {} : { surfaces: options.surfaces }),
      ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
      limits: { longPollIntervalMs: 20, ...options.limits },
    });
    this.url = await this.server.listen({ host: '127.0.0.1', port: 0 });
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  async key(request: Partial<ApiKeyRequest> = {}): Promise<string> {
    const { token } = await this.rollcall.apiKeys.create({
      name: 'test',
      tenants: ['acme'],
      rights: ['read'],
      by: 'test',
      ...request,
    });
    return token;
  }

  async request(path: string, token: string | null, init: RequestInit = {}): Promise<Answer> {
    const headers = { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(init.headers as object) };
    const response = await fetch(`${this.url}${path}`, { ...init, headers });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? (JSON.parse(text) as Answer['body']) : {},
    };
  }

  async close(): Promise<void> {
    await this.server?.drain();
    await this.rollcall.close();
    await this.project.remove();
  }
}

/** Status and code of an answer. */
export function refusalOf({ status, body }: Answer): [number, unknown] {
  return [status, body.code];
}
