import type { FastifyInstance } from 'fastify';
import { visit } from 'jsonc-parser';
import { HttpProblem } from './problem.js';

/** What a JSON body may be made of: what is beyond is refused before it is an object. */
const MAX_DEPTH = 64;
const MAX_KEYS = 10_000;
const MAX_ITEMS = 100_000;
const MAX_TEXT = 262_144;
/** Keys that would reach into a prototype somewhere further on. */
const DANGEROUS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a JSON body: UTF-8 alone, bounded in depth, keys, items and texts, no key twice.
 *
 * @throws {HttpProblem} 400 with `RC_JSON_*`.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  const text = decode(bytes);
  const scan = new JsonScan();
  visit(
    text,
    {
      onObjectBegin: () => {
        scan.open();
      },
      onArrayBegin: () => {
        scan.open();
      },
      onObjectEnd: () => {
        scan.close();
      },
      onArrayEnd: () => {
        scan.close();
      },
      onObjectProperty: (key) => {
        scan.key(key);
      },
      onLiteralValue: (value) => {
        scan.value(value);
      },
      onSeparator: (character) => {
        scan.separator(character);
      },
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  try {
    return JSON.parse(text);
  } catch {
    throw refused('RC_JSON_MALFORMED', 'The body is not JSON.', 'Send one JSON document (RFC 8259).');
  }
}

/** Gives a scope JSON bodies, read strictly, for these media types; each scope has its own. */
export function takeJsonBodies(scope: FastifyInstance, mediaTypes: readonly string[]): void {
  for (const mediaType of mediaTypes) {
    scope.addContentTypeParser(mediaType, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
      try {
        refuseOtherCharsets(request.headers['content-type'] ?? '');
        done(null, parseJsonBody(body));
      } catch (error) {
        done(error as Error);
      }
    });
  }
}

/** JSON is UTF-8 (RFC 8259, 8.1). */
function refuseOtherCharsets(contentType: string): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (charset === 'utf-8' || charset === 'utf8') return;
  throw new HttpProblem({
    status: 415,
    code: 'RC_HTTP_MEDIA_TYPE',
    detail: 'JSON is UTF-8; the body says that it is something else.',
    mend: 'Send UTF-8, and no other charset in Content-Type.',
  });
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused('RC_JSON_ENCODING', 'The body is not valid UTF-8.', 'Encode it as UTF-8.');
  }
}

function refused(code: string, detail: string, mend: string): HttpProblem {
  return new HttpProblem({ status: 400, code, detail, mend });
}

/** Counts while a text is walked, and stops the walk where it is too much. */
class JsonScan {
  /** Keys of each open object; empty for an array. */
  readonly #open: Set<string>[] = [];
  #keys = 0;
  #separators = 0;

  open(): void {
    this.#open.push(new Set());
    if (this.#open.length > MAX_DEPTH)
      throw refused('RC_JSON_TOO_DEEP', `The body is nested deeper than ${MAX_DEPTH}.`, 'Send a flatter document.');
  }

  close(): void {
    this.#open.pop();
  }

  key(key: string): void {
    const keys = this.#open.at(-1);
    this.#keys += 1;
    if (this.#keys > MAX_KEYS) throw tooLarge(`The body has more than ${MAX_KEYS} keys.`);
    if (keys?.has(key) === true)
      throw refused('RC_JSON_DUPLICATE_KEY', 'An object of the body has a key twice.', 'Send each key once.');
    if (DANGEROUS.has(key))
      throw refused('RC_JSON_KEY_REFUSED', 'The body has a key that is never one of ours.', 'Take it out.');
    keys?.add(key);
    if (key.length > MAX_TEXT) throw tooLarge('A key of the body is too long.');
  }

  value(value: unknown): void {
    if (typeof value === 'string' && value.length > MAX_TEXT)
      throw tooLarge(`A text of the body is longer than ${MAX_TEXT} characters.`);
  }

  separator(character: string): void {
    if (character !== ',') return;
    this.#separators += 1;
    if (this.#separators > MAX_ITEMS) throw tooLarge(`The body has more than ${MAX_ITEMS} items.`);
  }
}

function tooLarge(detail: string): HttpProblem {
  return refused('RC_JSON_TOO_LARGE', detail, 'Send less at once.');
}
