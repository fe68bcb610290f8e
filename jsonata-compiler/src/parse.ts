import jsonata from 'jsonata';
import type { AstNode } from './ast.js';
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
    return jsonata(text).ast() as unknown as AstNode;
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
