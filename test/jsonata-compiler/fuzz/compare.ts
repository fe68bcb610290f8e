import { compile, type CompiledExpression, type CompileOptions } from '#jsonata-compiler/compile.js';
import { isJsonataError } from '#jsonata-compiler/errors.js';
import { callOf } from './calls.js';
import { BUILTINS, Coverage } from './coverage.js';
import { Context, KINDS } from './context.js';
import { make } from './expressions.js';
import { canonical, ENDLESS, Interpreter, NOW, type Outcome } from './interpreter.js';
import { Random } from './random.js';
import { makeRecord } from './records.js';
import { render, variants, type Tree } from './tree.js';

/** One comparison that came out differently. */
export interface Difference {
  readonly seed: number;
  readonly text: string;
  readonly input: string;
  readonly interpreter: string;
  readonly compiled: string;
}

export interface Report {
  comparisons: number;
  values: number;
  nothing: number;
  errors: number;
  /** The interpreter ended with an error of JavaScript, without a code: there is nothing to hold ours against. */
  crashes: number;
  /** Two errors were possible; taken one by one both sides agree. */
  ambiguous: number;
  /** The interpreter wrote into the caller's record or into an array it was only to read; the value shows it. */
  wrote: number;
  /** A transform put a record into itself: the interpreter hands the cycle out, here it exceeds the budget. */
  endless: number;
  /** Ended by a budget in `$pad`, which the interpreter does not survive: not compared. */
  tooLarge: number;
  /** A picture string of more than 256 characters, which is refused here. */
  longPictures: number;
  readonly differences: Difference[];
  readonly coverage: Coverage;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly comparisons: number;
  /** Changes the text for the compiled side only: proves that the comparison sees. */
  readonly plant?: (text: string) => string;
  /** Ends after so many differences. */
  readonly enough?: number;
  readonly compileOptions?: CompileOptions;
}

const RECORDS = 4;
const DEPTH = 3;

function show(outcome: Outcome): string {
  if (outcome.kind === 'value') return outcome.text;
  return `${outcome.code ?? 'crash'} at ${String(outcome.position)} in ${JSON.stringify(outcome.token)}`;
}

/** Compares compiled expressions with the interpreter: values, and codes, positions and tokens of errors. */
export class Fuzz {
  readonly #interpreter = new Interpreter(BUILTINS);
  readonly #options: FuzzOptions;
  readonly #last = new Last<CompiledExpression>();
  readonly report: Report;

  constructor(options: FuzzOptions) {
    this.#options = options;
    const counts = {
      comparisons: 0,
      values: 0,
      nothing: 0,
      errors: 0,
      crashes: 0,
      ambiguous: 0,
      wrote: 0,
      endless: 0,
      tooLarge: 0,
      longPictures: 0,
    };
    this.report = { ...counts, differences: [], coverage: new Coverage() };
  }

  /** Runs to the end; each expression has a seed of its own, so that any of them can be had again. */
  async run(): Promise<Report> {
    const { seed, comparisons, enough = 1 } = this.#options;
    for (let number = 0; this.report.comparisons < comparisons; number++) {
      // What is held weakly is let go between tasks alone, and all of this is one.
      if (number % 500 === 0) await new Promise(setImmediate);
      await this.expression(seed + number);
      if (this.report.differences.length >= enough) break;
    }
    return this.report;
  }

  async expression(seed: number): Promise<void> {
    const random = new Random(Math.imul(seed, 2_654_435_761));
    const context = new Context(random, make);
    const depth = 1 + random.below(DEPTH);
    // Half of them call a built-in, each as often as the others.
    const tree = random.chance(0.5)
      ? callOf(random.pick(BUILTINS), context, depth)
      : make(random.pick(KINDS), context, depth);
    this.report.coverage.add(render(tree), RECORDS);
    for (let record = 0; record < RECORDS; record++) await this.#compare(tree, makeRecord(random), seed);
  }

  async #compare(tree: Tree, input: unknown, seed: number): Promise<void> {
    const text = render(tree);
    const actual = this.#compiled(text, input, seed);
    if (text.includes('$pad(') && isBudget(actual)) {
      // The interpreter would pad to gigabytes, and abort the process.
      this.report.tooLarge++;
      return;
    }
    const expected = await this.#interpreter.run(text, structuredClone(input), seed);
    this.#tally(expected);
    if (isSame(expected, actual) || this.#isKnown(expected, actual)) return;
    if (expected.kind === 'error' && actual.kind === 'error' && (await this.#agreesInParts(tree, input, seed))) {
      this.report.ambiguous++;
      return;
    }
    const shown = { interpreter: show(expected), compiled: show(actual) };
    this.report.differences.push({ seed, text, input: JSON.stringify(input), ...shown });
  }

  /** Differences that the README names; each is counted and printed. */
  #isKnown(expected: Outcome, actual: Outcome): boolean {
    if (actual.kind === 'error' && actual.code === 'BUDGET_PICTURE') this.report.longPictures++;
    else if (expected.wrote === true) this.report.wrote++;
    else if (expected.kind !== 'value') return false;
    else if (isHole(expected.text, actual)) this.report.wrote++;
    else if (expected.text.includes(ENDLESS) && isBudget(actual)) this.report.endless++;
    else return false;
    return true;
  }

  #compile(text: string): CompiledExpression {
    const planted = this.#options.plant?.(text) ?? text;
    return this.#last.get(planted, () => compile(planted, this.#options.compileOptions));
  }

  #tally(expected: Outcome): void {
    this.report.comparisons++;
    if (expected.kind === 'error') this.report[expected.code === undefined ? 'crashes' : 'errors']++;
    else this.report[expected.text === 'undefined' ? 'nothing' : 'values']++;
  }

  /** Of parallel parts chance decides which error is reported: each on its own must agree. */
  async #agreesInParts(tree: Tree, input: unknown, seed: number): Promise<boolean> {
    const parts = variants(tree);
    if (parts.length === 0) return false;
    for (const part of parts) {
      const text = render(part);
      const expected = await this.#interpreter.run(text, structuredClone(input), seed);
      if (isSame(expected, this.#compiled(text, input, seed))) continue;
      if (!(await this.#agreesInParts(part, input, seed))) return false;
    }
    return true;
  }

  #compiled(text: string, input: unknown, seed: number): Outcome {
    const chance = new Random(seed);
    try {
      const expression = this.#compile(text);
      return {
        kind: 'value',
        text: canonical(expression.evaluate(input, undefined, { now: NOW, random: () => chance.next() })),
      };
    } catch (error) {
      if (!isJsonataError(error)) throw error;
      return { kind: 'error', code: error.code, position: error.position, token: error.token };
    }
  }
}

/** The last expression stays compiled: it meets several records. */
class Last<T> {
  #text: string | undefined;
  #made: T | undefined;

  get(text: string, make: () => T): T {
    if (this.#text !== text || this.#made === undefined) {
      this.#text = undefined;
      this.#made = make();
      this.#text = text;
    }
    return this.#made;
  }
}

/** Grouping an empty array puts a hole into it, be it the record's or an intermediate one; a clone of it holds null. */
function isHole(expected: string, actual: Outcome): boolean {
  if (actual.kind !== 'value') return false;
  return ['[undefined]', '[null]'].some((hole) => expected.replaceAll(hole, '[]') === actual.text);
}

function isBudget(actual: Outcome): boolean {
  return actual.kind === 'error' && (actual.code ?? '').startsWith('BUDGET_');
}

function isSame(expected: Outcome, actual: Outcome): boolean {
  if (expected.kind === 'value') return actual.kind === 'value' && actual.text === expected.text;
  if (expected.code === undefined) return true;
  if (actual.kind === 'value' || actual.code !== expected.code) return false;
  return actual.position === expected.position && actual.token === expected.token;
}
