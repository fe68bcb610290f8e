import type { AstNode, Stage } from '../ast.js';
import { isNeverNumber, isQuiet } from './calm.js';
import type { Place, Write, Writer } from './writer.js';

/** `[kind = "work"][0]`: where the predicate cannot err on the items behind, the first hit is all that is wanted. */
export function asksFirst(test: AstNode, next: Stage | undefined): boolean {
  const isFirst = next?.type === 'filter' && next.expr.type === 'number' && Math.floor(Number(next.expr.value)) === 0;
  return isFirst && isNeverNumber(test) && isQuiet(test);
}

/** Writes a loop over `list`, a step of the budget for each item; `body` writes what is done with the item. */
export function writeLoop(list: string, writer: Writer, body: (item: string, index: string) => void): void {
  const index = writer.name();
  writer.line(`for (let ${index} = 0; ${index} < ${list}.length; ${index}++) {`);
  writer.line('run.step();');
  body(writer.let(`${list}[${index}]`), index);
  writer.line('}');
}

/** Where a predicate stands: over which list, reached how. */
export interface Filtered {
  readonly list: string;
  readonly place: Place;
  readonly writer: Writer;
  readonly write: Write;
}

/** Writes the loop of a predicate; `keep` writes what is done with an item that it keeps. */
export function writeFilter(
  test: AstNode,
  { list, place, writer, write }: Filtered,
  keep: (item: string) => void,
): void {
  writeLoop(list, writer, (item, index) => {
    const found = write(test, { ...place, context: item });
    if (isNeverNumber(test)) {
      writer.line(`if (${found} === true) {`);
    } else {
      // An array of indexes can keep an item more than once.
      const isNothing = `${found} === undefined || ${found} === false || ${found} === null`;
      const times = writer.let(
        `${found} === true ? 1 : ${isNothing} ? 0 : h.times(${found}, ${index}, ${list}.length)`,
      );
      writer.line(`for (; ${times} > 0; ${times}--) {`);
    }
    keep(item);
    writer.line('}');
  });
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
  const kept = writer.let('[]');
  writeFilter(test, { list, place, writer, write }, (item) => {
    writer.line(`${kept}.push(${item});`);
  });
  return writer.let(`h.sequence(${kept})`);
}

/** Says whether a predicate follows where a sequence may have been made already. */
export function filtersLate(steps: readonly AstNode[]): boolean {
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
