import type { CompiledExpression } from '@rollcall/jsonata-compiler';
import { nearestName } from '../rules/nearest-name.js';
import { ExpressionSyntaxError } from './evaluator.js';
import { BUILT_IN, REFUSED } from './function-names.js';

/**
 * What would only show on a record, or never: variables that do not exist, functions that a mapping may not use, patterns
 * that RE2 cannot do.
 *
 * @throws {ExpressionSyntaxError}
 */
export function checkExpression(expression: CompiledExpression, text: string, tables: readonly string[]): void {
  for (const [name, end] of expression.variables) {
    if (tables.includes(name)) continue;
    const offset = Math.max(0, (end ?? 0) - name.length - 1);
    const written = [...text.matchAll(/\$(\w+)/g)].flatMap(([, other]) => other ?? []);
    checkName(name, offset, new Set([...written.filter((other) => other !== name), ...tables, ...ALLOWED]));
  }
  for (const node of expression.explain()) {
    if (node.runs === 'refused' && node.type === 'regex')
      throw badPattern(beginOfPattern(text, node.position ?? 0), node.why);
  }
}

const ALLOWED = [...BUILT_IN].filter((name) => !REFUSED.has(name));

function checkName(name: string, offset: number, known: ReadonlySet<string>): void {
  const refused = REFUSED.get(name);
  if (refused !== undefined) {
    throw new ExpressionSyntaxError(
      'RC_MAPPING_FORBIDDEN_FUNCTION',
      `A mapping sees no ${refused}: $${name} is not allowed.`,
      'The same record must give the same claims: take it out.',
      offset,
    );
  }
  if (BUILT_IN.has(name)) return;
  const nearest = nearestName(name, known);
  const mend = nearest === null ? `Bind it with := or add a table "${name}".` : `Did you mean "$${nearest}"?`;
  throw new ExpressionSyntaxError(
    'RC_MAPPING_UNKNOWN_VARIABLE',
    `There is no variable or function $${name}.`,
    mend,
    offset,
  );
}

/** The parser tells where a pattern ends: the slash before it that is not escaped. */
function beginOfPattern(text: string, end: number): number {
  const closing = text.lastIndexOf('/', end - 1);
  for (let at = closing - 1; at >= 0; at--) {
    if (text[at] !== '/') continue;
    let before = at;
    while (text[before - 1] === '\\') before--;
    if ((at - before) % 2 === 0) return at;
  }
  return 0;
}

function badPattern(offset: number, why: string | undefined): ExpressionSyntaxError {
  if (why === 'REFUSED_REPEAT') {
    return new ExpressionSyntaxError(
      'RC_MAPPING_PATTERN',
      'The pattern repeats too often.',
      'Repeat at most 1,000 times.',
      offset,
    );
  }
  return new ExpressionSyntaxError(
    'RC_MAPPING_PATTERN',
    'The pattern uses what RE2 cannot do, such as look-around or back-references.',
    'Write it without (?=, (?!, (?<= and \\1.',
    offset,
  );
}
