import { inspect } from 'node:util';

/** What stands where a secret was. */
export const REDACTED = '[redacted]';

/** A text that must never be printed. Only `reveal` gives it, so that a search for that word finds every use. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** Names as they are compared: case, hyphens and underscores do not count. */
const folded = (key: string): string => key.toLowerCase().replaceAll(/[-_]/g, '');

/** Fields of requests, settings and LDAP objects whose value is a secret or names whom one belongs to. */
const SECRET_FIELDS = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'query',
  'binddn',
  'unicodepwd',
  'apikey',
  'secretkey',
]);
const SECRET_ENDINGS = ['password', 'passphrase', 'secret', 'token', 'privatekey'];

function isSecretField(key: string, more: ReadonlySet<string>): boolean {
  const name = folded(key);
  return SECRET_FIELDS.has(name) || more.has(name) || SECRET_ENDINGS.some((ending) => name.endsWith(ending));
}

function copyOf(value: unknown, more: ReadonlySet<string>, above: readonly object[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) return REDACTED;
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return '[binary]';
  if (above.includes(value)) return '[circular]';
  const path = [...above, value];
  if (Array.isArray(value)) return value.map((item) => copyOf(item, more, path));
  const entries: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  // fromEntries defines own properties: a key `__proto__` stays a key.
  return Object.fromEntries(
    Array.from(entries, ([key, item]) => {
      const name = String(key);
      return [name, isSecretField(name, more) ? REDACTED : copyOf(item, more, path)];
    }),
  );
}

/**
 * Copies `value` for a log or a diagnosis: secrets by type (`Secret`) and by the name of their field read `[redacted]`.
 *
 * @param secretFields - further names, such as those that a settings schema marks with `"secret": true`.
 */
export function redactFields(value: unknown, secretFields: readonly string[] = []): unknown {
  return copyOf(value, new Set(secretFields.map(folded)), []);
}

const SHORT: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

// Controls (ANSI sequences begin with one), bidirectional marks, line separators, halves of a character.
const DANGEROUS = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Makes a foreign text fit for one line of a terminal or a log: what would move the cursor or turn the text is spelled out. */
export function escapeControl(text: string): string {
  return text.replaceAll(DANGEROUS, (character) => {
    const code = character.charCodeAt(0);
    const spelled =
      code < 0x100
        ? String.raw`\x${code.toString(16).padStart(2, '0')}`
        : String.raw`\u${code.toString(16).padStart(4, '0')}`;
    return SHORT[character] ?? spelled;
  });
}
