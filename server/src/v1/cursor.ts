import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { HttpProblem } from '../http/problem.js';

/** The list that a cursor belongs to: whose it is, which, and with which filters. */
export interface CursorScope {
  tenant: string;
  list: string;
  /** Path and query parameters that choose the items; the page's size is none. */
  filters: Readonly<Record<string, unknown>>;
}

const TAG_BYTES = 16;

/** Signs the cursors that leave the service, with a key of the installation: nobody else can make or change one. */
export class Cursors {
  readonly #key: Buffer;

  /** @param secretKey - the project's key; several processes of one project read each other's cursors. */
  constructor(secretKey: Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', secretKey, '', 'rollcall cursor', 32));
  }

  sign(scope: CursorScope, cursor: string): string {
    return `${cursor}.${this.#tag(scope, cursor).toString('base64url')}`;
  }

  /** @throws {HttpProblem} 400 `RC_CURSOR_INVALID` for a cursor that was altered or belongs to another list. */
  open(scope: CursorScope, signed: string): string {
    const end = signed.lastIndexOf('.');
    const cursor = signed.slice(0, Math.max(0, end));
    // As text: another spelling of the same bytes is an altered cursor.
    const given = Buffer.from(signed.slice(end + 1));
    const right = Buffer.from(this.#tag(scope, cursor).toString('base64url'));
    if (given.length === right.length && timingSafeEqual(given, right)) return cursor;
    throw new HttpProblem({
      status: 400,
      code: 'RC_CURSOR_INVALID',
      detail: 'The cursor does not belong to this list.',
      mend: 'Give "next" of the page before, with the same filters, or leave it out to begin anew.',
    });
  }

  #tag({ tenant, list, filters }: CursorScope, cursor: string): Buffer {
    const chosen = Object.entries(filters)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const digest = createHmac('sha256', this.#key)
      .update(JSON.stringify([tenant, list, chosen, cursor]))
      .digest();
    return digest.subarray(0, TAG_BYTES);
  }
}
