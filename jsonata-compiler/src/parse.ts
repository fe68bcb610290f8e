import jsonata from 'jsonata';
import { childrenOf, type AstNode } from './ast.js';
import { fail, JsonataError } from './errors.js';
import { estimateNodes } from './text-cost.js';

/** The longest expression: the parser's work grows with the square of a path's length. */
export const MAX_TEXT = 16_384;

/** The largest tree; `??` and `?:` copy their left side, so that a short text can ask for a huge one. */
const MAX_NODES = 200_000;

/** Parses an expression with JSONata's own parser, after a look at what that would cost. */
export function parse(text: string): AstNode {
  if (text.length > MAX_TEXT || estimateNodes(text) > MAX_NODES) fail('BUDGET_TEXT');
  try {
    const tree = jsonata(text).ast() as unknown as AstNode;
    repairRegexes(tree);
    return tree;
  } catch (error) {
    throw asJsonataError(error);
  }
}

function asJsonataError(error: unknown): JsonataError {
  if (error instanceof RangeError) return new JsonataError('BUDGET_TEXT');
  const { code, position, token } = error as { code?: unknown; position?: unknown; token?: unknown };
  if (typeof code !== 'string') return new JsonataError('INVALID_TEXT');
  return new JsonataError(code, { position: typeof position === 'number' ? position : undefined, token });
}

/**
 * `left ?? right` and `left ?: right` hold a copy of `left` as their condition, which the parser makes through JSON:
 * a regular expression in it becomes `{}`, and the interpreter then searches for `[object Object]`. Here the copy gets
 * back what was written.
 */
function repairRegexes(node: AstNode): void {
  for (const child of childrenOf(node)) repairRegexes(child);
  if (node.type !== 'condition') return;
  const { condition } = node;
  copyRegexes(node.then, condition);
  const [only] = condition.type === 'function' ? condition.arguments : [];
  if (only !== undefined) copyRegexes(node.then, only);
}

function copyRegexes(from: unknown, to: unknown): void {
  if (!isPlain(from) || !isPlain(to)) return;
  if (from.type === 'regex' && to.type === 'regex' && !(to.value instanceof RegExp)) to.value = from.value;
  for (const key of Object.keys(to)) if (Object.hasOwn(from, key)) copyRegexes(from[key], to[key]);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof RegExp);
}
