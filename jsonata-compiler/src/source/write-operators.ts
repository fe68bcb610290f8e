import type { ArrayNode, BinaryNode, ConditionNode, ObjectNode } from '../ast.js';
import { operation, placeOf } from '../nodes/operators.js';
import { condition, isQuiet } from './calm.js';
import { literal, type Place, type Write, type Writer } from './writer.js';

const ARITHMETIC = new Set(['+', '-', '*', '/', '%']);
const COMPARISON = new Set(['<', '<=', '>', '>=']);

/** Writes operators: the common types inline, everything else (and every error) by the operator in full. */
export function writeBinary(node: BinaryNode, place: Place, writer: Writer, write: Write): string | undefined {
  if (node.value === 'and' || node.value === 'or') return writeLogic(node, place, writer, write);
  if (node.value === '..' || node.value === 'in') return undefined;
  const left = write(node.lhs, place);
  const right = write(node.rhs, place);
  const inFull = `h.operate(${writer.constant(operation(node.value))}, ${writer.constant(placeOf(node))}, ${left}, ${right}, run)`;
  return writer.let(inline(node.value, left, right, inFull));
}

function inline(operator: string, left: string, right: string, inFull: string): string {
  if (ARITHMETIC.has(operator)) {
    // `x - x` is 0 for finite numbers only.
    const areFinite = `typeof ${left} === 'number' && typeof ${right} === 'number' && ${left} - ${left} === 0 && ${right} - ${right} === 0`;
    return `${areFinite} ? ${left} ${operator} ${right} : ${inFull}`;
  }
  if (COMPARISON.has(operator)) {
    const isComparable = `typeof ${left} === typeof ${right} && (typeof ${left} === 'number' || typeof ${left} === 'string')`;
    return `${isComparable} ? ${left} ${operator} ${right} : ${inFull}`;
  }
  if (operator === '&') {
    const isShort = `typeof ${left} === 'string' && typeof ${right} === 'string' && ${left}.length + ${right}.length <= 64`;
    return `${isShort} ? ${left} + ${right} : ${inFull}`;
  }
  const isMissing = `${left} === undefined || ${right} === undefined`;
  const isScalar = `typeof ${left} !== 'object' || typeof ${right} !== 'object'`;
  const same = operator === '=' ? '===' : '!==';
  return `${isMissing} ? false : ${isScalar} ? ${left} ${same} ${right} : ${inFull}`;
}

/** Errors of the right side are stamped by the operator: where there can be some it is written in a `try`. */
function writeLogic(node: BinaryNode, place: Place, writer: Writer, write: Write): string {
  const left = write(node.lhs, place);
  const result = writer.let();
  const isGuarded = !isQuiet(node.rhs);
  if (isGuarded) writer.line('try {');
  writer.line(`${result} = ${condition(node.lhs, left)};`);
  writer.line(`if (${node.value === 'and' ? '' : '!'}${result}) {`);
  const right = write(node.rhs, place);
  writer.line(`${result} = ${condition(node.rhs, right)}; }`);
  if (isGuarded) writer.line(`} catch (error) { throw h.stamp(error, ${writer.constant(placeOf(node))}); }`);
  return result;
}

export function writeCondition(node: ConditionNode, place: Place, writer: Writer, write: Write): string | undefined {
  if (node.keepArray === true) return undefined;
  const test = write(node.condition, place);
  const result = writer.let();
  writer.line(`if (${condition(node.condition, test)}) {`);
  writer.line(`${result} = h.settle(${write(node.then, place)});`);
  if (node.else !== undefined) {
    writer.line('} else {');
    writer.line(`${result} = h.settle(${write(node.else, place)});`);
  }
  writer.line('}');
  return result;
}

const RESERVED = new Set(['_jsonata_lambda', '_jsonata_function']);

/** Writes objects with literal keys that differ; a context that is an array groups and is left to the closure. */
export function writeObject(node: ObjectNode, place: Place, writer: Writer, write: Write): string | undefined {
  const values = new Map<string, ObjectNode['lhs'][number][1]>();
  for (const [key, value] of node.lhs) {
    if (key.type !== 'string' || key.predicate !== undefined || key.group !== undefined) return undefined;
    const name = String(key.value);
    if (RESERVED.has(name) || name in Object.prototype || values.has(name)) return undefined;
    values.set(name, value);
  }
  const result = writer.let();
  writer.line(`if (Array.isArray(${place.context})) ${result} = ${writer.redo(node, place)}; else {`);
  // JavaScript's own order of keys (integers first) is the order in which the interpreter evaluates.
  const names = Object.keys(Object.fromEntries(values));
  const members = names.map((name) => {
    const value = values.get(name);
    return { key: literal(name), value: value === undefined ? 'undefined' : write(value, place) };
  });
  const areAll = members.map(({ value }) => `${value} !== undefined`).join(' && ');
  writer.line(
    `if (${areAll === '' ? 'true' : areAll}) ${result} = {${members.map(({ key, value }) => `${key}: ${value}`).join(', ')}};`,
  );
  writer.line(`else { ${result} = {};`);
  for (const { key, value } of members) writer.line(`if (${value} !== undefined) ${result}[${key}] = ${value};`);
  writer.line('} }');
  return result;
}

export function writeArray(node: ArrayNode, place: Place, writer: Writer, write: Write): string | undefined {
  if (node.consarray === true) return undefined;
  const items = node.expressions.map((item) => ({
    value: write(item, place),
    isArray: item.type === 'unary' && item.value === '[',
  }));
  const result = writer.let('[]');
  for (const { value, isArray } of items) {
    const add = isArray ? `${result}.push(${value})` : `${result} = h.add(${result}, ${value}, run)`;
    writer.line(`if (${value} !== undefined) ${add};`);
  }
  return result;
}
