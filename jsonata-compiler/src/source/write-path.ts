import type { AstNode, PathNode, Stage } from '../ast.js';
import { isCalm, isNeverNumber, isQuiet } from './calm.js';
import { literal, type Place, type Write, type Writer } from './writer.js';

/** Whether the value so far is one (an array may be met yet) or already the items of a sequence. */
type State = 'one' | 'many';

/** Writes paths that begin with a name or a variable and go on with names, filters, objects, calls and blocks. */
export function writePath(node: PathNode, place: Place, writer: Writer, write: Write): string | undefined {
  if (!canWrite(node)) return undefined;
  return new PathWriter(node, place, writer, write).write();
}

const STEPS = new Set(['name', 'unary', 'function', 'block', 'condition']);

function canWrite(node: PathNode): boolean {
  if (node.group !== undefined || node.keepArray === true || node.keepSingletonArray === true) return false;
  const [first, ...rest] = node.steps;
  if (first.type !== 'name' && !(first.type === 'variable' && rest.length > 0 && !isHung(first))) return false;
  return rest.every((step) => STEPS.has(step.type)) && node.steps.every(isWritableStep);
}

function isWritableStep(step: AstNode): boolean {
  if (step.tuple === true || step.consarray === true || step.keepArray === true || step.group !== undefined)
    return false;
  if (step.predicate !== undefined) return false;
  if (step.type === 'unary' && step.value !== '{') return false;
  return step.stages === undefined || (step.type === 'name' && step.stages.every((stage) => stage.type === 'filter'));
}

function isHung(step: AstNode): boolean {
  return step.stages !== undefined || step.predicate !== undefined || step.group !== undefined;
}

class PathWriter {
  readonly #node: PathNode;
  readonly #place: Place;
  readonly #writer: Writer;
  readonly #write: Write;
  readonly #label: string;
  readonly #result: string;
  #value: string;
  #state: State = 'one';

  constructor(node: PathNode, place: Place, writer: Writer, write: Write) {
    this.#node = node;
    this.#place = place;
    this.#writer = writer;
    this.#write = write;
    this.#label = writer.name();
    this.#result = writer.let();
    this.#value = place.context;
  }

  write(): string | undefined {
    const w = this.#writer;
    const { steps } = this.#node;
    // A predicate behind a sequence applies to each item's own value: that stays with the closure.
    if (filtersLate(steps)) return undefined;
    w.line(`${this.#label}: {`);
    for (const [index, step] of steps.entries()) this.#step(step, index === steps.length - 1);
    if (this.#state === 'many') w.line(`${this.#result} = h.finish(${this.#value});`);
    else {
      w.line(`if (Array.isArray(${this.#value}) && h.isSequence(${this.#value})) { ${this.#redo()} }`);
      w.line(`${this.#result} = ${this.#value};`);
    }
    w.line('}');
    return this.#result;
  }

  /** Gives the path up for this value: the closure does it all again. */
  #redo(): string {
    return `${this.#result} = ${this.#writer.redo(this.#node, this.#place)}; break ${this.#label};`;
  }

  #step(step: AstNode, isLast: boolean): void {
    if (step.type === 'variable') this.#variable(step);
    else if (this.#state === 'one' && step.type === 'name') this.#name(step.value, step);
    else if (step.type === 'name') this.#map(isLast, (item) => this.#field(item, step.value));
    else this.#map(isLast, (item) => this.#write(step, { ...this.#place, context: item }));
  }

  #variable(step: AstNode): void {
    this.#value = this.#write(step, this.#place);
    this.#writer.line(`if (Array.isArray(${this.#value})) { ${this.#redo()} }`);
  }

  #name(name: string, step: AstNode): void {
    const w = this.#writer;
    const from = this.#value;
    w.line(`if (typeof ${from} !== 'object' || ${from} === null) break ${this.#label};`);
    w.line(`if (Array.isArray(${from})) { ${this.#redo()} }`);
    this.#value = w.let(`Object.hasOwn(${from}, ${literal(name)}) ? ${from}[${literal(name)}] : undefined`);
    const stages = step.stages ?? [];
    for (const [index, stage] of stages.entries()) {
      if (stage.type === 'filter') this.#filter(stage.expr, index > 0, asksFirst(stage.expr, stages[index + 1]));
    }
  }

  #filter(test: AstNode, isLater: boolean, isFirstEnough: boolean): void {
    if (!isLater) this.#writer.line(this.#whenMissing(test));
    if (test.type === 'number') this.#index(Math.floor(Number(test.value)));
    else this.#where(test, isFirstEnough);
  }

  /** The interpreter asks even for nothing, once; where neither errors nor values can come of it, it need not be. */
  #whenMissing(test: AstNode): string {
    const isOnlyNames = this.#node.steps.every((step) => step.type === 'name' || step.type === 'variable');
    const isQuiet = test.type === 'number' || (isOnlyNames && isCalm(test));
    return `if (${this.#value} === undefined) { ${isQuiet ? `break ${this.#label};` : this.#redo()} }`;
  }

  #index(index: number): void {
    const w = this.#writer;
    const from = this.#value;
    const items = this.#state === 'many' ? from : `(Array.isArray(${from}) ? ${from} : [${from}])`;
    const list = w.let(items);
    this.#value = w.let(index < 0 ? `${list}[${list}.length - ${-index}]` : `${list}[${index}]`);
    this.#state = 'one';
    w.line(`if (${this.#value} === undefined) break ${this.#label};`);
    w.line(`if (Array.isArray(${this.#value})) { ${this.#redo()} }`);
  }

  #where(test: AstNode, isFirstEnough: boolean): void {
    const from = this.#value;
    const list = this.#state === 'many' ? from : this.#writer.let(`Array.isArray(${from}) ? ${from} : [${from}]`);
    this.#value = writeFilter(test, list, this.#place, this.#writer, this.#write, isFirstEnough);
    this.#state = 'many';
  }

  /** A field of an item; an item that is an array is looked into. */
  #field(item: string, name: string): string {
    const w = this.#writer;
    const value = w.let();
    w.line(`if (typeof ${item} === 'object' && ${item} !== null) {`);
    w.line(`if (Array.isArray(${item})) ${value} = h.field(${item}, ${literal(name)}, run);`);
    w.line(`else if (Object.hasOwn(${item}, ${literal(name)})) ${value} = ${item}[${literal(name)}]; }`);
    return value;
  }

  #map(isLast: boolean, body: (item: string) => string): void {
    const w = this.#writer;
    const from = this.#value;
    if (this.#state === 'one') w.line(`if (${from} === undefined) break ${this.#label};`);
    const list = this.#state === 'many' ? from : w.let(`Array.isArray(${from}) ? ${from} : [${from}]`);
    let results = w.let('[]');
    const hasArrays = w.let('false');
    const index = w.name();
    w.line(`for (let ${index} = 0; ${index} < ${list}.length; ${index}++) {`);
    w.line('run.step();');
    const found = body(w.let(`${list}[${index}]`));
    w.line(
      `if (${found} !== undefined) { ${results}.push(${found}); if (Array.isArray(${found})) ${hasArrays} = true; }`,
    );
    w.line('}');
    const flat = `${hasArrays} ? h.flatten(${results}, ${isLast}, frame) : ${results}`;
    results = w.let(flat);
    // The only array of the last step is the value itself, not a sequence of its items.
    if (isLast) w.line(`if (${hasArrays}) { ${this.#result} = h.settle(${results}); break ${this.#label}; }`);
    this.#value = results;
    this.#state = 'many';
  }
}

/** `[kind = "work"][0]`: where the predicate cannot err on the items behind, the first hit is all that is wanted. */
function asksFirst(test: AstNode, next: Stage | undefined): boolean {
  const isFirst = next?.type === 'filter' && next.expr.type === 'number' && Math.floor(Number(next.expr.value)) === 0;
  return isFirst && isNeverNumber(test) && isQuiet(test);
}

/** Writes the loop of a predicate over `list`; names the array of what it keeps. */
function writeFilter(
  test: AstNode,
  list: string,
  place: Place,
  writer: Writer,
  write: Write,
  isFirstEnough = false,
): string {
  const kept = writer.let('[]');
  const index = writer.name();
  writer.line(`for (let ${index} = 0; ${index} < ${list}.length; ${index}++) {`);
  writer.line('run.step();');
  const item = writer.let(`${list}[${index}]`);
  const found = write(test, { ...place, context: item });
  if (isNeverNumber(test))
    writer.line(`if (${found} === true) { ${kept}.push(${item}); ${isFirstEnough ? 'break;' : ''} }`);
  else {
    writer.line(`if (${found} === true) ${kept}.push(${item});`);
    writer.line(`else if (${found} !== undefined && ${found} !== false && ${found} !== null) {`);
    writer.line(`h.keep(${found}, ${item}, ${index}, ${list}.length, ${kept}); }`);
  }
  writer.line('}');
  return kept;
}

/** Writes a predicate on the raw value of a node; the result is a sequence or, by index, an item. */
export function writePredicate(test: AstNode, value: string, place: Place, writer: Writer, write: Write): string {
  if (test.type === 'number') {
    const index = Math.floor(Number(test.value));
    const at = index < 0 ? `${value}.length - ${-index}` : String(index);
    return writer.let(
      `Array.isArray(${value}) ? ${value}[${at}] : ${index === 0 || index === -1 ? value : 'undefined'}`,
    );
  }
  const list = writer.let(`Array.isArray(${value}) ? ${value} : [${value}]`);
  return writer.let(`h.sequence(${writeFilter(test, list, place, writer, write)})`);
}

/** Says whether a predicate follows where a sequence may have been made already. */
function filtersLate(steps: readonly AstNode[]): boolean {
  let isMany = false;
  for (const step of steps) {
    const stages = step.stages ?? [];
    if (isMany && stages.length > 0) return true;
    const last = stages.at(-1);
    if (step.type !== 'name' && step.type !== 'variable') isMany = true;
    if (last !== undefined) isMany = !(last.type === 'filter' && last.expr.type === 'number');
  }
  return false;
}
