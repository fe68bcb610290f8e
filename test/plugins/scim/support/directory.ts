import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json, JsonObject } from '@rollcall/connector-kit';
import { handleScim, type ScimContext, type ScimNote, type ScimResponse } from '@rollcall/connector-scim';
import { MemoryStore } from './memory-store.js';

export const BASE = 'https://rollcall.example/scim/v2/dir-7';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** What a test sends. A text as body goes as it is. */
export interface Sent {
  query?: string;
  headers?: Record<string, string>;
  body?: Json | Uint8Array | undefined;
  text?: string;
}

/** An answer, read. */
export interface Got extends ScimResponse {
  document: JsonObject;
}

/** A directory that clients push to, in memory; its clock moves by a second a look. */
export class TestDirectory {
  readonly store: MemoryStore;
  readonly notes: ScimNote[] = [];
  readonly context: ScimContext;
  now = Date.parse('2026-03-09T08:00:00Z');
  #ids = 0;

  constructor({ seed = 1, settings = {} }: { seed?: number; settings?: Partial<ScimContext['settings']> } = {}) {
    this.store = new MemoryStore(seed);
    this.context = {
      baseUrl: BASE,
      settings: { conflicts: 'reactivate', accept: 'negotiate', ...settings },
      limits: { bodyBytes: 5 * 1024 * 1024, depth: 64 },
      cursorKey: new Uint8Array(32).fill(7),
      now: () => new Date((this.now += 1000)),
      newId: () => `id-${++this.#ids}`,
      report: (note) => void this.notes.push(note),
    };
  }

  async send(method: string, path: string, { query = '', headers = {}, body, text }: Sent = {}): Promise<Got> {
    const bytes =
      body instanceof Uint8Array ? body : Buffer.from(text ?? (body === undefined ? '' : JSON.stringify(body)));
    const request = {
      method,
      path,
      query,
      headers: { 'content-type': 'application/scim+json', ...headers },
      body: bytes,
    };
    const response = await handleScim(request, this.store, this.context);
    return { ...response, document: response.body === '' ? {} : (JSON.parse(response.body) as JsonObject) };
  }

  get(path: string, query = '', headers: Record<string, string> = {}): Promise<Got> {
    return this.send('GET', path, { query, headers });
  }

  /** Lists what a filter selects. */
  filter(path: string, filter: string, more = ''): Promise<Got> {
    return this.get(path, `filter=${encodeURIComponent(filter)}${more}`);
  }

  post(path: string, body: Json): Promise<Got> {
    return this.send('POST', path, { body });
  }

  patch(path: string, ...operations: Json[]): Promise<Got> {
    return this.send('PATCH', path, { body: { schemas: [PATCH_OP], Operations: operations } });
  }

  /** Makes a user and says its id. */
  async user(userName: string, more: JsonObject = {}): Promise<string> {
    return idOf(await this.post('/Users', { userName, ...more }));
  }

  /** Makes a group and says its id. */
  async group(displayName: string, members: readonly string[] = []): Promise<string> {
    return idOf(await this.post('/Groups', { displayName, members: members.map((value) => ({ value })) }));
  }

  /** The member ids that a group shows, sorted. */
  async members(groupId: string): Promise<string[]> {
    const { document } = await this.get(`/Groups/${groupId}`);
    return (document.members as JsonObject[]).map(({ value }) => value as string).sort();
  }
}

/** The id of a resource in an answer. */
export function idOf({ status, document, body }: Got): string {
  if (typeof document.id !== 'string') throw new Error(`No id in ${status} ${body}`);
  return document.id;
}

/** The resources of a list. */
export function resourcesOf({ document }: Got): JsonObject[] {
  return document.Resources as JsonObject[];
}

const CASES = new URL('../../../../plugins/scim/cases/', import.meta.url);

/** Reads a file of `cases/`. */
export function readCase(name: string): Json {
  return JSON.parse(readFileSync(new URL(name, CASES), 'utf8')) as Json;
}

/** Where the cases are. */
export const casesFolder = fileURLToPath(CASES);
