import jsonata from 'jsonata';
import { ExpressionFailure, type Tables } from '#core/mapping/evaluator.js';
import { REFUSED } from '#core/mapping/function-names.js';
import { tablesWithLookUp } from '#core/mapping/table-bindings.js';

type Native = (this: unknown, ...given: unknown[]) => unknown;

/** A function of JSONata with a check of its arguments before it runs. */
interface BoundedFunction {
  signature: string;
  /** Number of parameters: JSONata looks at it when the function is handed to another one. */
  arity: 1 | 2 | 3 | 4;
  check: (given: readonly unknown[]) => void;
}

const MOST_TEXT = 1_000_000;
const MOST_PICTURE = 100;
const WIDEST_PAD = 10_000;

const texts = (signature: string, arity: BoundedFunction['arity']): BoundedFunction => ({
  signature,
  arity,
  check: checkTexts,
});

/** JSONata's own functions that could hang or exhaust the process, with what is asked of their arguments. */
const BOUNDED: Readonly<Record<string, BoundedFunction>> = {
  uppercase: texts('<s-:s>', 1),
  lowercase: texts('<s-:s>', 1),
  length: texts('<s-:n>', 1),
  trim: texts('<s-:s>', 1),
  base64encode: texts('<s-:s>', 1),
  base64decode: texts('<s-:s>', 1),
  encodeUrl: texts('<s-:s>', 1),
  encodeUrlComponent: texts('<s-:s>', 1),
  decodeUrl: texts('<s-:s>', 1),
  decodeUrlComponent: texts('<s-:s>', 1),
  string: texts('<x-b?:s>', 2),
  join: texts('<a<s>s?:s>', 2),
  contains: texts('<s-(sf):b>', 2),
  split: texts('<s-(sf)n?:a<s>>', 3),
  match: texts('<s-f<s:o>n?:a<o>>', 3),
  substring: texts('<s-nn?:s>', 3),
  substringBefore: texts('<s-s:s>', 2),
  substringAfter: texts('<s-s:s>', 2),
  replace: { signature: '<s-(sf)(sf)n?:s>', arity: 4, check: checkReplace },
  pad: { signature: '<s-ns?:s>', arity: 3, check: checkPad },
  formatNumber: { signature: '<n-so?:s>', arity: 3, check: checkPicture },
  formatInteger: { signature: '<n-s:s>', arity: 2, check: checkPicture },
  parseInteger: { signature: '<s-s:n>', arity: 2, check: checkPicture },
  toMillis: { signature: '<s-s?:n>', arity: 2, check: checkToMillis },
  fromMillis: { signature: '<n-s?s?:s>', arity: 3, check: checkDatePicture },
};

/** JSONata's functions as mappings may use them: bounded, without clock, chance or network. */
export class BoundedFunctions {
  #natives: ReadonlyMap<string, Native> | null = null;

  /** Fetches JSONata's own implementations; only an evaluation gives them out. */
  async load(): Promise<void> {
    if (this.#natives !== null) return;
    const names = Object.keys(BOUNDED);
    const found = await Promise.all(
      names.map(async (name) => (await jsonata(`$${name}`).evaluate(null)) as { implementation: Native }),
    );
    this.#natives = new Map(names.map((name, position) => [name, found[position]?.implementation ?? missing]));
  }

  /** Puts the functions and the mapping's tables where the expression finds them before JSONata's own. */
  bind(expression: jsonata.Expression, tables: Tables): void {
    for (const [name, { signature, arity, check }] of Object.entries(BOUNDED)) {
      const run = (focus: unknown, given: unknown[]): unknown => {
        check(given);
        return this.#natives?.get(name)?.apply(focus, name === 'toMillis' ? inUtc(given) : given);
      };
      expression.registerFunction(name, withArity(arity, run), signature);
    }
    for (const [name, what] of REFUSED) {
      expression.registerFunction(name, (): never => {
        refuse(`A mapping sees no ${what}: $${name} is not allowed.`);
      });
    }
    expression.registerFunction('error', () => refuse('The expression raised an error of its own ($error).'), '<s?:x>');
    expression.registerFunction(
      'assert',
      withArity(2, (_, given) => {
        assertion(given);
      }),
      '<bs?:x>',
    );
    bindTables(expression, tables);
  }
}

function bindTables(expression: jsonata.Expression, tables: Tables): void {
  const { bare, lookUp } = tablesWithLookUp(tables);
  for (const [name, table] of Object.entries(bare)) expression.assign(name, table);
  expression.registerFunction(
    'lookup',
    withArity(2, (_, [input, key]) => lookUp(input, key)),
    '<x-s:x>',
  );
}

/** JSONata reads names and number of parameters from the function's own text. */
function withArity(arity: BoundedFunction['arity'], run: (focus: unknown, given: unknown[]) => unknown): Native {
  const forms: Record<BoundedFunction['arity'], (this: unknown, ...given: never[]) => unknown> = {
    1: function (this: unknown, a: unknown) {
      return run(this, [a]);
    },
    2: function (this: unknown, a: unknown, b: unknown) {
      return run(this, [a, b]);
    },
    3: function (this: unknown, a: unknown, b: unknown, c: unknown) {
      return run(this, [a, b, c]);
    },
    4: function (this: unknown, a: unknown, b: unknown, c: unknown, d: unknown) {
      return run(this, [a, b, c, d]);
    },
  };

  return forms[arity] as Native;
}

function assertion(given: readonly unknown[]): undefined {
  if (given[0] !== true) refuse('An assertion of the expression does not hold ($assert).');
  return undefined;
}

function missing(): never {
  return refuse('A function of JSONata is missing.');
}

function refuse(message: string): never {
  throw new ExpressionFailure('RC_MAPPING_EXPRESSION', message, 'Change the expression in the mapping.');
}

function checkTexts(given: readonly unknown[]): void {
  if (sizeOf(given) > MOST_TEXT) refuse(`A function of the expression was given more than ${MOST_TEXT} characters.`);
}

/** Characters in a value, at most a little more than the limit: it stops counting there. */
function sizeOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth > 64) return 4;
  let size = 4;
  for (const item of Object.values(value)) {
    size += sizeOf(item, depth + 1);
    if (size > MOST_TEXT) break;
  }
  return size;
}

function checkReplace(given: readonly unknown[]): void {
  checkTexts(given);
  const [text, , replacement] = given;
  if (sizeOf(text) * (typeof replacement === 'string' ? replacement.length : 1) > 10 * MOST_TEXT) {
    refuse('A replacement in the expression could grow without bound.');
  }
}

function checkPad(given: readonly unknown[]): void {
  checkTexts(given);
  if (Math.abs(Number(given[1])) > WIDEST_PAD) refuse(`$pad is bounded to ${WIDEST_PAD} characters.`);
}

function checkPicture(given: readonly unknown[]): void {
  for (const text of given) {
    if (typeof text === 'string' && text.length > MOST_PICTURE)
      refuse(`A picture or number text is bounded to ${MOST_PICTURE} characters.`);
  }
}

const COMPONENT = /\[([YMDdFWwXxHhPmsfZzCE])([A-Za-z0-9#]{0,8})(?:,(?:\*|\d{1,2})(?:-(?:\*|\d{1,2}))?)?\]/g;

/** Each component once, with a width that is written out: other pictures can hang (jsonata-js/jsonata#833). */
function checkDatePicture(given: readonly unknown[]): void {
  checkPicture(given);
  const picture = given[1];
  if (typeof picture !== 'string') return;
  const components = [...picture.matchAll(COMPONENT)].map((component) => component[1]);
  const rest = picture.replaceAll(COMPONENT, '').replaceAll('[[', '').replaceAll(']]', '');
  if (rest.includes('[') || rest.includes(']') || new Set(components).size !== components.length) {
    refuse('The date picture is not allowed: each component once, such as "[Y0001]-[M01]-[D01]".');
  }
}

/** Components left of the first one given would come from the clock. */
function checkToMillis(given: readonly unknown[]): void {
  checkDatePicture(given);
  const picture = given[1];
  if (typeof picture === 'string' && !picture.includes('[Y')) {
    refuse('The date picture of $toMillis must name the year, else the clock would fill it in.');
  }
}

/** An instant without a zone would be read in the zone of this machine. */
function inUtc(given: readonly unknown[]): unknown[] {
  const [text, picture] = given;
  const isLocal =
    typeof text === 'string' && picture === undefined && text.includes('T') && !/(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  return isLocal ? [`${text}Z`, picture] : [...given];
}
