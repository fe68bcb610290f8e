import { randomUUID } from 'node:crypto';
import type { Json, JsonObject, PushStore } from '@rollcall/connector-kit';
import { handleScim, type ScimNote } from '@rollcall/connector-scim';

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Speaks SCIM to a directory's store, without a server between. */
export class ScimPusher {
  readonly notes: ScimNote[] = [];

  constructor(
    readonly store: PushStore,
    readonly now: () => Date,
  ) {}

  async send(method: string, path: string, body?: Json): Promise<{ status: number; document: JsonObject }> {
    const before = this.notes.length;
    const response = await handleScim(
      {
        method,
        path,
        query: '',
        headers: { 'content-type': 'application/scim+json' },
        body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      },
      this.store,
      {
        baseUrl: 'https://rollcall.example/scim/v2/dir-7',
        settings: { conflicts: 'reactivate', accept: 'negotiate' },
        limits: { bodyBytes: 5 * 1024 * 1024, depth: 64 },
        cursorKey: new Uint8Array(32).fill(7),
        now: this.now,
        newId: () => randomUUID(),
        report: (note) => void this.notes.push(note),
      },
    );
    const failure = this.notes.slice(before).find((note) => note.note === 'failure');
    if (failure !== undefined) throw failure.error as Error;
    return { status: response.status, document: response.body === '' ? {} : (JSON.parse(response.body) as JsonObject) };
  }

  /** Creates a user; answers its id. */
  async user(userName: string, more: JsonObject = {}): Promise<string> {
    return idOf(await this.send('POST', '/Users', { userName, ...more }));
  }

  /** Creates a group; answers its id. */
  async group(displayName: string, members: readonly string[] = []): Promise<string> {
    return idOf(await this.send('POST', '/Groups', { displayName, members: members.map((value) => ({ value })) }));
  }

  patch(path: string, ...operations: Json[]): ReturnType<ScimPusher['send']> {
    return this.send('PATCH', path, { schemas: [PATCH_OP], Operations: operations });
  }
}

function idOf({ status, document }: { status: number; document: JsonObject }): string {
  if (typeof document.id !== 'string') throw new Error(`No id in ${status} ${JSON.stringify(document)}`);
  return document.id;
}
