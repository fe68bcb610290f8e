import type { Json, JsonObject } from '@rollcall/connector-kit';
import { type RE2JS } from 're2js';
import jsonata from 'jsonata';
import { CompiledEvaluator } from '#core/mapping/compiled-evaluator.js';
import { ExpressionFailure, type Evaluated, type Evaluator, type Tables } from '#core/mapping/evaluator.js';
import { failurePhrase } from '#core/mapping/jsonata-phrases.js';
import { plainJson } from '#core/mapping/plain-json.js';
import { compileRe2 } from '#core/mapping/re2.js';
import { BoundedFunctions } from './bounded-functions.js';

/**
 * JSONata's own interpreter with the bindings of mappings: what the compiled engine is compared with, in values by a
 * test and in time by `bench/rederive`.
 */
export class InterpretedEvaluator implements Evaluator {
  readonly #functions = new BoundedFunctions();
  readonly #compiled = new CompiledEvaluator();

  compile(text: string, tables: Tables): Evaluated {
    const compiled = this.#compiled.compile(text, tables);
    if (compiled.field !== null) return compiled;
    const expression = jsonata(text, { stack: 200, timeout: 250, sequence: 10_000, RegexEngine: re2Engine() });
    this.#functions.bind(expression, tables);
    return { ...compiled, evaluate: (raw) => this.#evaluate(expression, raw) };
  }

  async #evaluate(expression: jsonata.Expression, raw: JsonObject): Promise<Json | undefined> {
    await this.#functions.load();
    try {
      // `list[]` marks the very arrays of its input.
      return plainJson(await expression.evaluate(structuredClone(raw)));
    } catch (error) {
      if (error instanceof ExpressionFailure) throw error;
      const { code, token } = error as { code?: unknown; token?: unknown };
      throw new ExpressionFailure('RC_MAPPING_EXPRESSION', failurePhrase(String(code), token), '');
    }
  }
}

/**
 * The engine that JSONata gets instead of `RegExp`: JSONata builds one per evaluation from the pattern that its parser
 * made, calls `exec` and sets `lastIndex`. Compiled patterns are kept as long as the expression lives.
 */
export function re2Engine(): RegExpConstructor {
  const compiled = new WeakMap<RegExp, RE2JS>();
  class Re2RegExp {
    lastIndex = 0;
    readonly #pattern: RE2JS;

    constructor(written: RegExp) {
      const known = compiled.get(written);
      this.#pattern = known ?? compileRe2(written.source, written.flags);
      if (known === undefined) compiled.set(written, this.#pattern);
    }

    exec(text: string): { index: number; length: number; [group: number]: string | undefined } | null {
      const matcher = this.#pattern.matcher(text);
      if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
        this.lastIndex = 0;
        return null;
      }
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined);
      this.lastIndex = matcher.end();
      return Object.assign(groups, { index: matcher.start() });
    }
  }
  return Re2RegExp as unknown as RegExpConstructor;
}
