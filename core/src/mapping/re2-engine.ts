import { RE2JS } from 're2js';

/** Compiles a JavaScript pattern for RE2, whose time grows linearly with the text. Throws where RE2 cannot do it (look-around, back-references). */
export function compileRe2(source: string, flags: string): RE2JS {
  let options = 0;
  if (flags.includes('i')) options |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) options |= RE2JS.MULTILINE;
  if (flags.includes('s')) options |= RE2JS.DOTALL;
  return RE2JS.compile(RE2JS.translateRegExp(source), options);
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
