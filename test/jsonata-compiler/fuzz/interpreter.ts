import jsonata from 'jsonata';
import { Random } from './random.js';

/** What an expression came to, in a form that can be compared. */
export type Outcome =
  /** `wrote` where coming to it changed the caller's input. */
  | { readonly kind: 'value'; readonly text: string; readonly wrote?: boolean }
  | {
      readonly kind: 'error';
      readonly code: string | undefined;
      readonly position: unknown;
      readonly token: unknown;
      readonly wrote?: boolean;
    };

/** The time that both sides are given. */
export const NOW = Date.UTC(2026, 10, 24, 12, 30, 15, 250);

interface Definition {
  token?: unknown;
  position?: unknown;
}

/**
 * Runs expressions by JSONata's interpreter, with a fixed clock and seeded chance. The interpreter remembers on each
 * built-in where it was last called, across expressions; that is forgotten before each run.
 */
export class Interpreter {
  readonly #definitions: Definition[] = [];
  #text: string | undefined;
  #parsed: jsonata.Expression | undefined;

  constructor(builtinNames: Iterable<string>) {
    const probe = jsonata('null');
    const assign = probe.assign.bind(probe) as unknown as (hook: symbol, value: unknown) => void;
    assign(
      Symbol.for('jsonata.__evaluate_entry'),
      (_node: unknown, _input: unknown, environment: jsonata.Environment) => {
        for (const name of builtinNames) {
          const found = environment.lookup(name) as Definition | undefined;
          if (found !== undefined) this.#definitions.push(found);
        }
      },
    );
    void probe.evaluate(undefined);
  }

  #parse(text: string): jsonata.Expression {
    if (this.#text !== text || this.#parsed === undefined) {
      this.#text = undefined;
      this.#parsed = jsonata(text);
      this.#text = text;
    }
    return this.#parsed;
  }

  async run(expression: string, input: unknown, seed: number): Promise<Outcome> {
    for (const definition of this.#definitions) {
      delete definition.token;
      delete definition.position;
    }
    const before = canonical(input);
    const restore = freeze(seed);
    try {
      const text = canonical(await this.#parse(expression).evaluate(input));
      return { kind: 'value', text, wrote: canonical(input) !== before };
    } catch (error) {
      const { code, position, token } = error as { code?: unknown; position?: unknown; token?: unknown };
      const wrote = canonical(input) !== before;
      return { kind: 'error', code: typeof code === 'string' ? code : undefined, position, token, wrote };
    } finally {
      restore();
    }
  }
}

/** Stops the clock and seeds chance until the returned function is called. */
function freeze(seed: number): () => void {
  const { Date: date } = globalThis;
  const { random } = Math;
  const chance = new Random(seed);
  class FrozenDate extends date {
    constructor(...args: [] | [number | string]) {
      super(args.length === 0 ? NOW : args[0]);
    }
  }
  globalThis.Date = FrozenDate as DateConstructor;
  Math.random = () => chance.next();
  return () => {
    globalThis.Date = date;
    Math.random = random;
  };
}

/** Stands for a value that contains itself, or is nested as if it did. */
export const ENDLESS = '<endless>';

const DEEPEST = 60;

/** A value as text: order of keys, missing items, infinities and minus zero included; functions are only that. */
export function canonical(value: unknown, inside: readonly unknown[] = []): string {
  if (isEndless(value, inside)) return ENDLESS;
  if (isFunctionLike(value)) return '<function>';
  if (Array.isArray(value)) {
    const within = [...inside, value];
    return `[${Array.from(value, (item: unknown) => canonical(item, within)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) return canonicalRecord(value, [...inside, value]);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return value === undefined ? 'undefined' : JSON.stringify(value);
}

function isEndless(value: unknown, inside: readonly unknown[]): boolean {
  return inside.length > DEEPEST || (typeof value === 'object' && inside.includes(value));
}

function canonicalRecord(value: object, within: readonly unknown[]): string {
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${canonical(member, within)}`);
  return `{${members.join(',')}}`;
}

function isFunctionLike(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  if ('invoke' in value && !Object.hasOwn(value, 'invoke')) return true;
  return Object.hasOwn(value, '_jsonata_lambda') || Object.hasOwn(value, '_jsonata_function');
}
