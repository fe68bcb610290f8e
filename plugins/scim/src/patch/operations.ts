import type { Json, JsonObject } from '@rollcall/connector-kit';
import { badRequest, shown } from '../errors.js';
import { isObject, ownFolded } from '../resource/json.js';

/** One operation of a PATCH. A value that is absent is undefined, which is not the same as null. */
export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string | undefined;
  readonly value: Json | undefined;
}

const OPS: readonly string[] = ['add', 'replace', 'remove'];

/**
 * Reads the body of a PATCH: `Operations` in any letters, `schemas` or not, `op` in any letters; and the members of SCIM 1.1,
 * which carry their own `operation` and stand without a list of operations.
 *
 * @throws ScimError 400 `invalidSyntax`; `noTarget` for a `remove` without a path.
 */
export function readOperations(body: JsonObject): Operation[] {
  const operations = ownFolded(body, 'Operations');
  if (operations === undefined) return readLegacyMembers(body);
  const listed = isObject(operations) ? [operations] : operations;
  if (!Array.isArray(listed) || listed.length === 0) {
    throw badRequest('invalidSyntax', '"Operations" must be a list with at least one operation.');
  }
  return listed.map((operation, i) => readOperation(operation, i + 1));
}

function readOperation(operation: Json, no: number): Operation {
  if (!isObject(operation)) throw badRequest('invalidSyntax', `Operation ${no} is no object.`);
  const op = readOp(ownFolded(operation, 'op'), no);
  return demandWhole({ op, path: readPathText(operation, no), value: ownFolded(operation, 'value') }, no);
}

function readOp(op: Json | undefined, no: number): Operation['op'] {
  const folded = typeof op === 'string' ? op.trim().toLowerCase() : '';
  if (isOp(folded)) return folded;
  const given = shown(JSON.stringify(op ?? null));
  throw badRequest('invalidSyntax', `Operation ${no}: "op" must be add, replace or remove, not ${given}.`);
}

function isOp(word: string): word is Operation['op'] {
  return OPS.includes(word);
}

function readPathText(operation: JsonObject, no: number): string | undefined {
  const path = ownFolded(operation, 'path') ?? '';
  if (typeof path !== 'string') throw badRequest('invalidPath', `Operation ${no}: "path" must be a text.`);
  return path.trim() === '' ? undefined : path.trim();
}

function demandWhole(operation: Operation, no: number): Operation {
  const { op, path, value } = operation;
  if (op === 'remove') {
    if (path === undefined) throw badRequest('noTarget', `Operation ${no}: a remove needs a "path".`);
    return operation;
  }
  if (value === undefined) throw badRequest('invalidValue', `Operation ${no}: an ${op} needs a "value".`);
  if (path === undefined && !isObject(value)) {
    throw badRequest('invalidValue', `Operation ${no}: without a "path", "value" must be an object of attributes.`);
  }
  return operation;
}

function readLegacyMembers(body: JsonObject): Operation[] {
  const members = ownFolded(body, 'members');
  if (!Array.isArray(members) || members.length === 0) {
    throw badRequest('invalidSyntax', 'A PATCH needs "Operations".');
  }
  return members.map((member) => {
    const operation = isObject(member) ? ownFolded(member, 'operation') : undefined;
    const isRemoval = typeof operation === 'string' && /^(?:delete|remove)$/i.test(operation.trim());
    return { op: isRemoval ? 'remove' : 'add', path: 'members', value: [member] };
  });
}
