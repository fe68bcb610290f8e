import type { ErrorCode, RollcallError } from '@rollcall/connector-kit';
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { fileError } from './finding.js';

/** A place in a file; both count from 1. */
export interface Place {
  line: number;
  column: number;
}

/** Keys and positions that lead to a value. */
export type Path = readonly (string | number)[];

/** Names that no key may have: they reach into JavaScript's objects. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const MOST_CHARACTERS = 4 * 1024 * 1024;
const DEEPEST = 1000;

/** A YAML file (or a part of one) with the place of every value. Its errors are collected, not thrown. */
export class YamlText {
  readonly errors: readonly RollcallError[];
  /** The content as plain JSON; undefined where there are errors. */
  readonly value: unknown;
  readonly #document: Document.Parsed | null;
  readonly #lines = new LineCounter();

  /** @param firstLine - the line of `file` at which `text` begins. */
  constructor(
    readonly text: string,
    readonly file: string,
    readonly firstLine = 1,
  ) {
    this.#document = this.#parse();
    this.errors = this.#document === null ? [this.#unreadable()] : this.#problems(this.#document);
    this.value = this.errors.length === 0 ? this.#document?.toJS({ maxAliasCount: 0 }) : undefined;
  }

  /** The place of the key that leads to a value; for an item of a list its own place. */
  keyPlace(path: Path): Place {
    const last = path[path.length - 1];
    const parent = this.nodeAt(path.slice(0, -1));
    if (isMap(parent)) {
      const pair = parent.items.find((item) => keyText(item.key) === String(last));
      if (pair !== undefined) return this.placeOf(rangeStart(pair.key));
    }
    return this.valuePlace(path);
  }

  /** The place at which a value begins; where there is none, that of the nearest value around it. */
  valuePlace(path: Path): Place {
    for (let length = path.length; length >= 0; length--) {
      const node = this.nodeAt(path.slice(0, length));
      if (node?.range) return this.placeOf(node.range[0]);
    }
    return this.placeOf(0);
  }

  /** The node of a value, for those who need its source. */
  nodeAt(path: Path): Node | null {
    let node: unknown = this.#document?.contents ?? null;
    for (const step of path) node = childOf(node, step);
    return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node : null;
  }

  /** Line and column of a character. */
  placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: line + this.firstLine - 1, column: col };
  }

  /** An error at a place of this file. */
  errorAt(place: Place, code: ErrorCode, what: string, mend: string): RollcallError {
    return fileError(code, what, { file: this.file, ...place }, mend);
  }

  #parse(): Document.Parsed | null {
    if (this.text.length > MOST_CHARACTERS || bracketDepth(this.text) > DEEPEST) return null;
    try {
      return parseDocument(this.text, {
        lineCounter: this.#lines,
        prettyErrors: false,
        schema: 'core',
        uniqueKeys: true,
      });
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  #unreadable(): RollcallError {
    return this.errorAt(
      { line: this.firstLine, column: 1 },
      'RC_YAML_SYNTAX',
      'The file is too large or too deeply nested to be read.',
      `Keep it under ${MOST_CHARACTERS} characters.`,
    );
  }

  #problems(document: Document.Parsed): RollcallError[] {
    const unclosed = this.#unclosed(document);
    if (unclosed !== null) return [unclosed];
    const problems = [...document.errors, ...document.warnings].map((problem) =>
      problem.code === 'DUPLICATE_KEY'
        ? this.#at(
            problem.pos[0],
            'RC_YAML_DUPLICATE_KEY',
            `The key ${this.#wordAt(problem.pos[0])} stands here twice.`,
            'Keep one of them.',
          )
        : this.#at(problem.pos[0], 'RC_YAML_SYNTAX', `This is not YAML: ${problem.message}`, mendOf(problem.message)),
    );
    visit(document, {
      Alias: (_, node) => {
        problems.push(
          this.#at(
            node.range?.[0] ?? 0,
            'RC_YAML_ALIAS',
            `The alias *${node.source} is not allowed.`,
            'Write the value out.',
          ),
        );
      },
      Pair: (_, pair) => {
        if (!FORBIDDEN_KEYS.has(keyText(pair.key))) return;
        problems.push(
          this.#at(
            rangeStart(pair.key),
            'RC_CONFIG_UNKNOWN_KEY',
            `The key "${keyText(pair.key)}" is not allowed.`,
            'Take it out.',
          ),
        );
      },
    });
    return problems;
  }

  /** A bracket that is never closed swallows what follows it: all else that is wrong then is wrong because of it. */
  #unclosed(document: Document.Parsed): RollcallError | null {
    if (!document.errors.some(({ message }) => /^Flow (?:map|sequence)\b/.test(message))) return null;
    let unclosed: RollcallError | null = null;
    visit(document, {
      Collection: (_, node) => {
        const [start = 0, end = 0] = node.range ?? [];
        if (node.flow !== true || /[\]}]/.test(this.text.charAt(end - 1))) return undefined;
        const bracket = this.text.charAt(start);
        const what = `This is not YAML: the "${bracket}" is never closed.`;
        unclosed = this.#at(start, 'RC_YAML_SYNTAX', what, 'Close it, or put the text that begins with it in quotes.');
        return visit.BREAK;
      },
    });
    return unclosed;
  }

  #at(offset: number, code: ErrorCode, what: string, mend: string): RollcallError {
    return this.errorAt(this.placeOf(offset), code, what, mend);
  }

  #wordAt(offset: number): string {
    const word = /^["']?([^"':\n]*)/.exec(this.text.slice(offset, offset + 200))?.[1] ?? '';
    return `"${word.trim()}"`;
  }
}

/** Expressions are full of what means something in YAML. */
function mendOf(message: string): string {
  const wantsQuotes =
    /reserved character|Nested mappings|compact mapping|Implicit keys|Unexpected (?:scalar|flow|block)/.test(message);
  return wantsQuotes ? 'Put the value in quotes.' : 'Mend the file at this place.';
}

/** How deep brackets stand in brackets; those in texts count, too, which no real file notices. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** A key as it was written, so that `007` stays `007`. */
export function keyText(key: unknown): string {
  if (!isScalar(key)) return '';
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function childOf(node: unknown, step: string | number): unknown {
  if (isMap(node)) return node.items.find((item) => keyText(item.key) === String(step))?.value ?? null;
  if (isSeq(node)) return node.items[Number(step)] ?? null;
  return null;
}

function rangeStart(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0;
}

/** The pairs of a map in their order, keys as they were written. */
export function pairsOf(node: Node | null): readonly { key: string; at: number; value: Node | null }[] {
  if (!isMap(node)) return [];
  return node.items.filter(isPair).map((item) => ({
    key: keyText(item.key),
    at: rangeStart(item.key),
    value: isScalar(item.value) || isMap(item.value) || isSeq(item.value) ? item.value : null,
  }));
}
