import type { AstNode, LiteralNode, NameNode, ParentNode, VariableNode } from '../ast.js';
import { UNSET, type Evaluate, type Frame } from '../frame.js';
import type { Place, Scope } from '../scope.js';
import type { Unit } from '../unit.js';
import { append, lookUp, flattenInto } from '../sequences.js';
import { isArray, isRecord, newSequence, own, OUTER, settle, settler } from '../values.js';

export function compileLiteral(node: LiteralNode): Evaluate {
  const { value } = node;
  return () => value;
}

/** A name on its own, as a step of a path. */
export function compileName(node: NameNode): Evaluate {
  const name = node.value;
  return (input, frame) => {
    if (isArray(input)) return settle(lookUp(input, name, frame.run));
    return isRecord(input) ? settle(own(input, name)) : undefined;
  };
}

export function compileWildcard(node: AstNode): Evaluate {
  const finish = settler(node);
  return (input, frame) => {
    const { run } = frame;
    const from = isArray(input) && input[OUTER] === true && input.length > 0 ? input[0] : input;
    let results: unknown[] = newSequence();
    if (!isArray(from) && !isRecord(from)) return undefined;
    for (const value of Object.values(from)) {
      run.step();
      if (isArray(value)) {
        const flat: unknown[] = [];
        flattenInto(value, flat, run);
        results = append(results, flat, run) as unknown[];
      } else {
        results.push(value);
      }
    }
    return finish(results);
  };
}

export function compileDescendant(node: AstNode): Evaluate {
  const finish = settler(node);
  return (input, frame) => {
    if (input === undefined) return undefined;
    const results = newSequence();
    descend(input, results, frame);
    return finish(results.length === 1 ? results[0] : results);
  };
}

function descend(value: unknown, results: unknown[], frame: Frame): void {
  frame.run.enter();
  if (isArray(value)) {
    for (const item of value) descend(item, results, frame);
  } else {
    results.push(value);
    if (isRecord(value)) for (const member of Object.values(value)) descend(member, results, frame);
  }
  frame.run.leave();
}

export function compileParent(node: ParentNode, scope: Scope): Evaluate {
  const places = scope.find(node.slot.label);
  const finish = settler(node);
  return (_input, frame) => finish(search(places, node.slot.label, frame, undefined));
}

/** `$`, `$$` or `$name`; the value of a sequence of one is that one. */
export function compileVariable(node: VariableNode, scope: Scope, unit: Unit): Evaluate {
  const finish = settler(node);
  if (node.value === '') {
    return (input) => finish(isArray(input) && input[OUTER] === true ? input[0] : input);
  }
  const read = readVariable(node.value, scope, unit);
  return (input, frame) => finish(read(input, frame));
}

/** The bare value of a variable, without the rule for sequences. */
export function readVariable(name: string, scope: Scope, unit: Unit): Evaluate {
  const places = scope.find(name);
  const [first] = places;
  const readGlobal = globalReader(name, unit);
  if (first === undefined) return readGlobal;
  if (first.isFinal && first.slot !== undefined) return slotReader(first.hops, first.slot);
  return (input, frame) => search(places, name, frame, () => readGlobal(input, frame));
}

function globalReader(name: string, unit: Unit): Evaluate {
  if (name === '$') return (_input, frame) => frame.run.root;
  const index = unit.global(name);
  return (_input, frame) => frame.run.globals[index];
}

function slotReader(hops: number, slot: number): Evaluate {
  if (hops === 0) return (_input, frame) => frame.slots[slot];
  if (hops === 1) return (_input, frame) => frame.parent?.slots[slot];
  return (_input, frame) => outwards(frame, hops)?.slots[slot];
}

function outwards(frame: Frame, hops: number): Frame | undefined {
  let found: Frame | undefined = frame;
  for (let hop = 0; hop < hops; hop++) found = found?.parent;
  return found;
}

function search(places: readonly Place[], name: string, frame: Frame, otherwise: (() => unknown) | undefined): unknown {
  for (const place of places) {
    const found = outwards(frame, place.hops);
    if (found === undefined) continue;
    if (place.slot === undefined) {
      if (found.tuple !== undefined && Object.hasOwn(found.tuple, name)) return found.tuple[name];
    } else {
      const value = found.slots[place.slot];
      if (value !== UNSET) return value;
    }
  }
  return otherwise?.();
}

/** Where the tree can hold only an operand of a partial application. */
export function compileOperator(node: AstNode): Evaluate {
  return () => node.type;
}
