import type { AstNode, PathNode } from '../ast.js';
import { isCalm, isNeverNumber, isQuiet } from './calm.js';
import { asksFirst, filtersLate, writeFilter, writeLoop } from './write-filter.js';
import { literal, type Place, type Write, type Writer } from './writer.js';

/** Whether the value so far is one (an array may be met yet), the items of a sequence, or already the result. */
type State = 'one' | 'many' | 'done';

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

/**
 * Says whether the last step can be done in the loop of the predicate in front of it: where the predicate cannot err,
 * so that no error of a later item has to come before one of the step.
 */
function canFuse(before: AstNode | undefined, last: AstNode): boolean {
  const stage = before?.stages?.at(-1);
  if (stage?.type !== 'filter' || stage.expr.type === 'number' || !isQuiet(stage.expr)) return false;
  // A number that is infinite is an error of the predicate; a field is none of the step.
  return last.type === 'name' || isNeverNumber(stage.expr);
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
    const [before, last] = [steps.at(-2), steps.at(-1)];
    const isFused = last !== undefined && canFuse(before, last);
    for (const step of isFused ? steps.slice(0, -1) : steps)
      this.#step(step, step === last, isFused && step === before ? last : undefined);
    this.#end();
    w.line('}');
    return this.#result;
  }

  #end(): void {
    const w = this.#writer;
    if (this.#state === 'done') return;
    if (this.#state === 'many') {
      w.line(`${this.#result} = h.finish(${this.#value});`);
      return;
    }
    w.line(`if (Array.isArray(${this.#value}) && h.isSequence(${this.#value})) { ${this.#redo()} }`);
    w.line(`${this.#result} = ${this.#value};`);
  }

  /** Gives the path up for this value: the closure does it all again. */
  #redo(): string {
    return `${this.#result} = ${this.#writer.redo(this.#node, this.#place)}; break ${this.#label};`;
  }

  /** `fused` is a last step that is done with what the last predicate keeps. */
  #step(step: AstNode, isLast: boolean, fused: AstNode | undefined): void {
    if (step.type === 'variable') this.#variable(step);
    else if (this.#state === 'one' && step.type === 'name') this.#name(step.value, step, fused);
    else if (isLast) this.#mapLast(step);
    else this.#map(step);
  }

  #variable(step: AstNode): void {
    this.#value = this.#write(step, this.#place);
    this.#writer.line(`if (Array.isArray(${this.#value})) { ${this.#redo()} }`);
  }

  #name(name: string, step: AstNode, fused: AstNode | undefined): void {
    const w = this.#writer;
    const from = this.#value;
    w.line(`if (typeof ${from} !== 'object' || ${from} === null) break ${this.#label};`);
    w.line(`if (Array.isArray(${from})) { ${this.#redo()} }`);
    this.#value = w.field(from, name);
    const stages = step.stages ?? [];
    for (let index = 0; index < stages.length; index++) {
      const stage = stages[index];
      if (stage?.type !== 'filter') continue;
      if (index === 0) w.line(this.#whenMissing(stage.expr));
      if (stage.expr.type === 'number') this.#index(Math.floor(Number(stage.expr.value)));
      else if (asksFirst(stage.expr, stages[index + 1])) {
        this.#first(stage.expr);
        index++;
      } else if (index === stages.length - 1 && fused !== undefined) this.#mapWhere(stage.expr, fused);
      else this.#where(stage.expr);
    }
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
    this.#one(w.let(index < 0 ? `${list}[${list}.length - ${-index}]` : `${list}[${index}]`));
  }

  #one(value: string): void {
    this.#value = value;
    this.#state = 'one';
    this.#writer.line(`if (${value} === undefined) break ${this.#label};`);
    this.#writer.line(`if (Array.isArray(${value})) { ${this.#redo()} }`);
  }

  /** The value so far as a list. */
  #list(): string {
    const from = this.#value;
    return this.#state === 'many' ? from : this.#writer.let(`Array.isArray(${from}) ? ${from} : [${from}]`);
  }

  #filter(test: AstNode, keep: (item: string) => void): void {
    writeFilter(test, { list: this.#list(), place: this.#place, writer: this.#writer, write: this.#write }, keep);
  }

  #where(test: AstNode): void {
    const kept = this.#writer.let('[]');
    this.#filter(test, (item) => {
      this.#writer.line(`${kept}.push(${item});`);
    });
    this.#value = kept;
    this.#state = 'many';
  }

  /** A predicate of whose items only the first is wanted. */
  #first(test: AstNode): void {
    const first = this.#writer.let();
    this.#filter(test, (item) => {
      this.#writer.line(`${first} = ${item}; break;`);
    });
    this.#one(first);
  }

  /** A field of an item; an item that is an array is looked into. */
  #field(item: string, name: string): string {
    const w = this.#writer;
    const value = w.let();
    w.line(`if (typeof ${item} === 'object' && ${item} !== null) {`);
    w.line(`if (Array.isArray(${item})) ${value} = h.field(${item}, ${literal(name)}, run);`);
    w.line(`else if (has.call(${item}, ${literal(name)})) ${value} = ${item}[${literal(name)}]; }`);
    return value;
  }

  /** A step's value for an item. */
  #found(step: AstNode, item: string): string {
    return step.type === 'name' ? this.#field(item, step.value) : this.#write(step, { ...this.#place, context: item });
  }

  #map(step: AstNode): void {
    const w = this.#writer;
    if (this.#state === 'one') w.line(`if (${this.#value} === undefined) break ${this.#label};`);
    const results = w.let('[]');
    const hasArrays = w.let('false');
    writeLoop(this.#list(), w, (item) => {
      const found = this.#found(step, item);
      w.line(
        `if (${found} !== undefined) { ${results}.push(${found}); if (Array.isArray(${found})) ${hasArrays} = true; }`,
      );
    });
    this.#value = w.let(`${hasArrays} ? h.flatten(${results}, false, frame) : ${results}`);
    this.#state = 'many';
  }

  #mapLast(step: AstNode): void {
    const w = this.#writer;
    if (this.#state === 'one') w.line(`if (${this.#value} === undefined) break ${this.#label};`);
    this.#collect((add) => {
      writeLoop(this.#list(), w, (item) => {
        add(this.#found(step, item));
      });
    });
  }

  #mapWhere(test: AstNode, step: AstNode): void {
    const w = this.#writer;
    this.#collect((add) => {
      this.#filter(test, (item) => {
        w.line('run.step();');
        add(this.#found(step, item));
      });
    });
  }

  /** The last step's values: mostly one or none, for which no array is made. */
  #collect(loop: (add: (found: string) => void) => void): void {
    const w = this.#writer;
    const [first, rest, hasArrays] = [w.let(), w.let(), w.let('false')];
    loop((found) => {
      w.line(`if (${found} !== undefined) {`);
      w.line(`if (${first} === undefined) ${first} = ${found};`);
      w.line(`else if (${rest} === undefined) ${rest} = [${first}, ${found}];`);
      w.line(`else ${rest}.push(${found});`);
      w.line(`if (Array.isArray(${found})) ${hasArrays} = true; }`);
    });
    // The only array of the last step is the value itself, not a sequence of its items.
    w.line(`if (${hasArrays}) ${this.#result} = h.settle(h.flatten(${rest} ?? [${first}], true, frame));`);
    w.line(`else ${this.#result} = ${rest} === undefined ? ${first} : h.sequence(${rest});`);
    this.#state = 'done';
  }
}
