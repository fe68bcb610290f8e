import jsonata from 'jsonata';
import { childrenOf, type AstNode } from './ast.js';
import { fail, JsonataError } from './errors.js';
import { endOfBadRegex, estimateNodes } from './text-cost.js';

/** The longest expression: the parser's work grows with the square of a path's length. */
export const MAX_TEXT = 16_384;

/** The largest tree; `??` and `?:` copy their left side, so that a short text can ask for a huge one. */
const MAX_NODES = 50_000;

/**
 * The deepest tree, in half levels: whatever walks or runs it recurs once a level, and must stay far from the end of the
 * stack, which nobody can tell. Objects in objects reach that end in Node at about 900 levels (closures at 1,000, the
 * parser at 2,000), operators and conditions, which a flat chain nests too, at 2,000.
 */
const MAX_DEPTH = 600;

const CHAINED: ReadonlySet<string> = new Set(['binary', 'condition']);

/** Parses an expression with JSONata's own parser, after a look at what that would cost. */
export function parse(text: string): AstNode {
  if (text.length > MAX_TEXT || estimateNodes(text) > MAX_NODES) fail('BUDGET_TEXT');
  try {
    const tree = jsonata(text).ast() as unknown as AstNode;
    if (isTooDeep(tree)) fail('BUDGET_TEXT');
    repairRegexes(tree);
    return tree;
  } catch (error) {
    throw asJsonataError(error, text);
  }
}

/** Without recursion, so that any depth can be measured. */
function isTooDeep(tree: AstNode): boolean {
  const open: [AstNode, number][] = [[tree, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, above] = next;
    const depth = above + (CHAINED.has(node.type) ? 1 : 2);
    if (depth > MAX_DEPTH) return true;
    for (const child of childrenOf(node)) open.push([child, depth]);
  }
  return false;
}

function asJsonataError(error: unknown, text: string): JsonataError {
  if (error instanceof JsonataError) return error;
  if (error instanceof RangeError) return new JsonataError('BUDGET_TEXT');
  const { code, position, token } = error as { code?: unknown; position?: unknown; token?: unknown };
  if (typeof code !== 'string') return new JsonataError('INVALID_TEXT', { position: endOfBadRegex(text) });
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
