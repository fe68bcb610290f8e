import type { TransformNode } from '../ast.js';
import { fail } from '../errors.js';
import type { Evaluate, Frame } from '../frame.js';
import { apply, Definition } from '../functions.js';
import type { Run } from '../run.js';
import type { Scope } from '../scope.js';
import { Signature } from '../signature.js';
import type { Unit } from '../unit.js';
import { isArray, isArrayOfStrings, isFunction, isRecord, setOwn, type JsonObject } from '../values.js';
import { readVariable } from './literals.js';

const SIGNATURE = new Signature('<(oa):o>');

/** `|pattern|update, delete|`: a function that returns a changed copy. */
export function compileTransform(node: TransformNode, scope: Scope, unit: Unit): Evaluate {
  const readClone = readVariable('clone', scope, unit);
  const pattern = unit.compile(node.pattern, scope);
  const update = unit.compile(node.update, scope);
  const remove = node.delete === undefined ? undefined : unit.compile(node.delete, scope);
  const change = (match: unknown, frame: Frame): void => {
    const changes = update(match, frame);
    if (changes !== undefined) {
      if (!isRecord(changes)) fail('T2011', { position: node.update.position });
      merge(match, changes, frame.run);
    }
    if (remove !== undefined) deleteFrom(match, remove(match, frame), node.delete?.position, frame.run);
  };
  return (_input, frame) =>
    new Definition(
      ([value], _context, run) => {
        if (value === undefined) return undefined;
        const clone = readClone(value, frame);
        if (!isFunction(clone)) fail('T2013', { position: node.position });
        const copy = apply(clone, [value], null, run);
        const matches = pattern(copy, frame);
        if (matches === undefined) return copy;
        for (const match of isArray(matches) ? matches : [matches]) {
          run.step();
          change(match, frame);
        }
        return copy;
      },
      1,
      SIGNATURE,
    );
}

function merge(match: unknown, changes: JsonObject, run: Run): void {
  const keys = Object.keys(changes);
  // A string or number cannot take a property: JavaScript drops it, and so does the interpreter.
  if (keys.length === 0 || typeof match !== 'object' || match === null) return;
  refuseForeign(match, run);
  run.items(keys.length);
  for (const key of keys) setOwn(match as JsonObject, key, changes[key]);
}

function deleteFrom(match: unknown, names: unknown, position: number | undefined, run: Run): void {
  if (names === undefined) return;
  const list = isArray(names) ? names : [names];
  if (!isArrayOfStrings(list)) fail('T2012', { position });
  if (typeof match !== 'object' || match === null || list.length === 0) return;
  refuseForeign(match, run);
  for (const name of list) Reflect.deleteProperty(match, name);
}

/**
 * The interpreter writes into whatever the pattern finds, the caller's own record included (through `$$`, or with a
 * `$clone` that does not copy). Here only what this evaluation made can be written.
 */
function refuseForeign(match: object, run: Run): void {
  if (run.isForeign(match)) fail('REFUSED_WRITE');
}
