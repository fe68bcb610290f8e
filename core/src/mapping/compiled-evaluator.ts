import type { Json, JsonObject } from '@rollcall/connector-kit';
import {
  compile,
  isJsonataError,
  type Bindings,
  type CompiledExpression,
  type JsonataError,
  type Limits,
} from '@rollcall/jsonata-compiler';
import { checkExpression } from './check-expression.js';
import { ExpressionFailure, ExpressionSyntaxError, type Evaluated, type Evaluator, type Tables } from './evaluator.js';
import { failurePhrase, syntaxPhrase } from './jsonata-phrases.js';
import { plainJson } from './plain-json.js';
import { tableBindings } from './table-bindings.js';

/**
 * What one expression may cost for one record. Mappings of people need some hundred steps; with these an expression that
 * would never end costs some ten milliseconds a record. None is a time: the same record always ends the same way.
 */
const LIMITS: Limits = { steps: 100_000, depth: 200, sequence: 10_000, string: 1_000_000, output: 256 * 1024 };

/** So many characters of expressions are kept compiled: some thousand of the usual length. */
const MOST_KEPT = 200_000;
/** A longer expression is compiled each time: nobody who writes mappings may fill the memory. */
const LONGEST_KEPT = 4_000;

/**
 * JSONata compiled to synchronous, bounded JavaScript: an expression reaches its record and the mapping's tables, ends
 * within its budgets and gives the same for the same record. Its author need not be trusted.
 */
export class CompiledEvaluator implements Evaluator {
  /** Expressions by their text: the same text is compiled once, whatever mapping or tenant it stands in. */
  readonly #compiled = new Map<string, CompiledExpression>();
  #kept = 0;
  readonly #compile: typeof compile;

  constructor(engine: typeof compile = compile) {
    this.#compile = engine;
  }

  compile(text: string, tables: Tables): Evaluated {
    const expression = this.#expression(text);
    checkExpression(expression, text, Object.keys(tables));
    const { reads, field } = expression;
    if (field !== undefined) return { reads, field, evaluate: (raw) => fieldValue(raw, field) };
    return { reads, field: null, evaluate: evaluation(expression, tableBindings(tables)) };
  }

  #expression(text: string): CompiledExpression {
    const known = this.#compiled.get(text);
    if (known !== undefined) return known;
    const expression = parsed(text, this.#compile);
    if (text.length > LONGEST_KEPT) return expression;
    this.#kept += text.length;
    if (this.#kept > MOST_KEPT) {
      this.#compiled.clear();
      this.#kept = text.length;
    }
    this.#compiled.set(text, expression);
    return expression;
  }
}

function parsed(text: string, engine: typeof compile): CompiledExpression {
  try {
    return engine(text);
  } catch (error) {
    if (!isJsonataError(error)) throw error;
    const offset = error.position === undefined ? 0 : beginOf(text, error.position, error.token);
    const message = syntaxPhrase(error.code, error.token);
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

function evaluation(expression: CompiledExpression, bindings: Bindings): (raw: JsonObject) => Json | undefined {
  const run = expression.bind(bindings, LIMITS);
  return (raw) => {
    let value: unknown;
    try {
      value = run(raw);
    } catch (error) {
      throw isJsonataError(error) ? asFailure(error) : error;
    }
    return plainJson(value);
  };
}

function asFailure(error: JsonataError): ExpressionFailure {
  if (error.cause instanceof ExpressionFailure) return error.cause;
  return new ExpressionFailure(
    'RC_MAPPING_EXPRESSION',
    failurePhrase(error.code, error.token),
    'Change the expression so that it can deal with this record.',
  );
}
