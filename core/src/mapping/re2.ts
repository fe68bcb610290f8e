import { RE2JS } from 're2js';

/** Compiles a JavaScript pattern for RE2, whose time grows linearly with the text. Throws where RE2 cannot do it (look-around, back-references). */
export function compileRe2(source: string, flags: string): RE2JS {
  let options = 0;
  if (flags.includes('i')) options |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) options |= RE2JS.MULTILINE;
  if (flags.includes('s')) options |= RE2JS.DOTALL;
  return RE2JS.compile(RE2JS.translateRegExp(source), options);
}
