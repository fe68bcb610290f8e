import { nearestName } from '../rules/nearest-name.js';
import { ExpressionSyntaxError } from './evaluator.js';
import { boundVariables, nodesOf, type TreeNode } from './expression-tree.js';
import { BUILT_IN, REFUSED } from './function-names.js';
import { compileRe2 } from './re2-engine.js';

/**
 * What JSONata would only notice on a record, or never: variables that do not exist, functions that a mapping may not
 * use, patterns that RE2 cannot do.
 *
 * @throws {ExpressionSyntaxError}
 */
export function checkTree(tree: TreeNode, text: string, tables: readonly string[]): void {
  const bound = boundVariables(tree);
  const known = new Set([...bound, ...tables, ...BUILT_IN]);
  for (const node of nodesOf(tree)) {
    if (node.type === 'variable') checkVariable(node, bound, known, tables);
    if (node.type === 'regex' && node.value instanceof RegExp) checkPattern(node, node.value);
  }
  if (text.length > 20_000) {
    throw new ExpressionSyntaxError(
      'RC_MAPPING_SYNTAX',
      'The expression is longer than 20,000 characters.',
      'Move values into tables.',
      0,
    );
  }
}

function checkVariable(
  node: TreeNode,
  bound: ReadonlySet<string>,
  known: ReadonlySet<string>,
  tables: readonly string[],
): void {
  const name = String(node.value);
  if (name === '' || name === '$' || bound.has(name)) return;
  const offset = Math.max(0, (node.position ?? 0) - name.length - 1);
  const refused = tables.includes(name) ? undefined : REFUSED.get(name);
  if (refused !== undefined) {
    const what = `A mapping sees no ${refused}: $${name} is not allowed.`;
    throw new ExpressionSyntaxError(
      'RC_MAPPING_FORBIDDEN_FUNCTION',
      what,
      'The same record must give the same claims: take it out.',
      offset,
    );
  }
  if (known.has(name)) return;
  const nearest = nearestName(name, known);
  const mend = nearest === null ? `Bind it with := or add a table "${name}".` : `Did you mean "$${nearest}"?`;
  throw new ExpressionSyntaxError(
    'RC_MAPPING_UNKNOWN_VARIABLE',
    `There is no variable or function $${name}.`,
    mend,
    offset,
  );
}

function checkPattern(node: TreeNode, pattern: RegExp): void {
  try {
    compileRe2(pattern.source, pattern.flags);
  } catch {
    const offset = Math.max(
      0,
      (node.position ?? 0) - pattern.source.length - pattern.flags.replace('g', '').length - 2,
    );
    throw new ExpressionSyntaxError(
      'RC_MAPPING_PATTERN',
      'The pattern uses what RE2 cannot do, such as look-around or back-references.',
      'Write it without (?=, (?!, (?<= and \\1.',
      offset,
    );
  }
}
