import type { Json, JsonObject } from '@rollcall/connector-kit';
import jsonata from 'jsonata';
import { BoundedFunctions } from './bounded-functions.js';
import { checkTree } from './check-tree.js';
import { ExpressionFailure, ExpressionSyntaxError, type Evaluated, type Evaluator, type Tables } from './evaluator.js';
import { readsOf } from './expression-reads.js';
import { marksArrays, plainField, type TreeNode } from './expression-tree.js';
import { failurePhrase, syntaxPhrase } from './jsonata-phrases.js';
import { plainJson } from './plain-json.js';
import { re2Engine } from './re2-engine.js';

const DEEPEST = 200;
const LONGEST_SEQUENCE = 10_000;
const TIMEOUT_MS = 250;
/** The second chance of an expression that ran out of time, as on a machine that stood still for a moment. */
const SECOND_TIMEOUT_MS = 500;
/** So often in a row may an expression run out of time before it is given up for a while. */
const MOST_TIMEOUTS = 3;
/** An expression that was given up is tried again after so many records. */
const RETRY_EVERY = 1000;

/**
 * JSONata's own interpreter, with the bounds that can be set in the language: depth, time, length, RE2, no clock, no
 * chance. It is no wall against a hostile author; whoever writes mappings must be trusted.
 */
export class Interpreter implements Evaluator {
  readonly #functions = new BoundedFunctions();

  compile(text: string, tables: Tables): Evaluated {
    const engine = re2Engine();
    const parse = (timeout: number): jsonata.Expression => {
      const expression = jsonata(text, { stack: DEEPEST, timeout, sequence: LONGEST_SEQUENCE, RegexEngine: engine });
      this.#functions.bind(expression, tables);
      return expression;
    };
    const first = parsed(text, () => parse(TIMEOUT_MS));
    const tree = first.ast() as unknown as TreeNode;
    checkTree(tree, text, Object.keys(tables));
    const field = plainField(tree);
    if (field !== null) return { reads: new Set([field]), field, evaluate: (raw) => fieldValue(raw, field) };
    const run = new Run(this.#functions, first, () => parse(SECOND_TIMEOUT_MS), marksArrays(tree));
    return { reads: readsOf(tree), field: null, evaluate: (raw) => run.evaluate(raw) };
  }
}

function parsed(text: string, parse: () => jsonata.Expression): jsonata.Expression {
  try {
    return parse();
  } catch (error) {
    const { code, position, token } = error as { code?: unknown; position?: unknown; token?: unknown };
    const known = typeof code === 'string' && /^[A-Z]\d{4}$/.test(code) ? code : null;
    const message =
      known === null ? `The expression cannot be read: ${(error as Error).message}.` : syntaxPhrase(known, token);
    const offset = typeof position === 'number' ? beginOf(text, position, token) : 0;
    throw new ExpressionSyntaxError('RC_MAPPING_SYNTAX', message, 'Mend the expression at this place.', offset);
  }
}

/** JSONata names the end of the word that it stumbles over. */
function beginOf(text: string, end: number, token: unknown): number {
  if (typeof token !== 'string' || token === '(end)') return Math.min(end, text.length);
  const begin = text.slice(0, end).lastIndexOf(token);
  return begin >= 0 && begin >= end - token.length - 2 ? begin : Math.max(0, end - 1);
}

function fieldValue(raw: JsonObject, field: string): Json | undefined {
  const value = Object.hasOwn(raw, field) ? raw[field] : undefined;
  return value === null || typeof value === 'boolean' ? value : plainJson(value);
}

class Run {
  /** How often in a row the expression ran out of time. */
  #timeouts = 0;
  #refusals = 0;
  #patient: jsonata.Expression | null = null;

  constructor(
    private readonly functions: BoundedFunctions,
    private readonly expression: jsonata.Expression,
    private readonly parsePatient: () => jsonata.Expression,
    private readonly marksArrays: boolean,
  ) {}

  async evaluate(raw: JsonObject): Promise<Json | undefined> {
    await this.functions.load();
    if (this.#isGivenUp()) throw asFailure({ code: 'D1012' });
    try {
      return await this.#once(this.expression, raw);
    } catch (error) {
      if (!isTimeout(error)) throw asFailure(error);
    }
    return this.#again(raw);
  }

  /** An expression that never ends must not be run for each of a million records; a busy hour must not end it for ever. */
  #isGivenUp(): boolean {
    if (this.#timeouts < MOST_TIMEOUTS) return false;
    this.#refusals++;
    return this.#refusals % RETRY_EVERY !== 0;
  }

  async #again(raw: JsonObject): Promise<Json | undefined> {
    this.#patient ??= this.parsePatient();
    try {
      return await this.#once(this.#patient, raw);
    } catch (error) {
      if (isTimeout(error)) this.#timeouts++;
      throw asFailure(error);
    }
  }

  async #once(expression: jsonata.Expression, raw: JsonObject): Promise<Json | undefined> {
    const value: unknown = await expression.evaluate(this.marksArrays ? structuredClone(raw) : raw);
    this.#timeouts = 0;
    return plainJson(value);
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'D1012';
}

function asFailure(error: unknown): ExpressionFailure {
  if (error instanceof ExpressionFailure) return error;
  const { code, token } = (error ?? {}) as { code?: unknown; token?: unknown };
  const known = typeof code === 'string' && /^[A-Z]\d{4}$/.test(code) ? code : 'RangeError';
  return new ExpressionFailure(
    'RC_MAPPING_EXPRESSION',
    failurePhrase(known, token),
    'Change the expression so that it can deal with this record.',
  );
}
