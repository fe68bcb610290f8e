import type { RecordKind } from '@rollcall/connector-kit';
import type { ScimSettings } from '../settings.js';

/** A request to the base address of one directory, who sent it already known. */
export interface ScimRequest {
  readonly method: string;
  /** The path behind the base address, percent-encoded as it came: `/Users/7`. */
  readonly path: string;
  /** The query as it came, without `?`. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Empty where there is none. */
  readonly body: Uint8Array;
}

/** The answer to a request. */
export interface ScimResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for 204 and 304. */
  readonly body: string;
}

export interface ScimLimits {
  /** Longest body. A PUT of a large group carries all its members: allow 5 MB. */
  readonly bodyBytes: number;
  /** Deepest nesting of the body. */
  readonly depth: number;
}

/** Something that somebody should see. Ids and names of attributes, no personal values. */
export type ScimNote =
  | { readonly note: 'memberUnknown'; readonly groupId: string; readonly memberIds: readonly string[] }
  | { readonly note: 'membersShrunk'; readonly groupId: string; readonly before: number; readonly now: number }
  /** A PUT without e-mail addresses: the last good ones stay. */
  | { readonly note: 'emailsKept'; readonly id: string }
  /** A create that repeats one of the last minutes, word by word. */
  | { readonly note: 'replay'; readonly kind: RecordKind; readonly id: string }
  | { readonly note: 'conflict'; readonly kind: RecordKind; readonly id: string; readonly attribute: string }
  /** A name of somebody deleted is given to somebody else. */
  | { readonly note: 'identifierReused'; readonly id: string; readonly formerId: string }
  | { readonly note: 'recreated'; readonly id: string; readonly formerId: string }
  | { readonly note: 'reactivated'; readonly id: string }
  | { readonly note: 'failure'; readonly error: unknown };

/** What surrounds the requests of one directory. */
export interface ScimContext {
  /** The address of the directory's base, without a slash at the end: `https://host/scim/v2/dir-7`. */
  readonly baseUrl: string;
  readonly settings: ScimSettings;
  readonly limits: ScimLimits;
  /** A secret of at least 32 bytes; cursors are signed with it. */
  readonly cursorKey: Uint8Array;
  now(): Date;
  /** A new id: opaque, never used before, case matters; letters, digits and hyphens. */
  newId(): string;
  report(note: ScimNote): void;
}
