import { Definition } from '../functions.js';
import { Signature } from '../signature.js';
import type { Builtin } from './builtin.js';
import { collections } from './collections.js';
import { encodings } from './encodings.js';
import { higherOrder } from './higher-order.js';
import { matching } from './matching.js';
import { numbers } from './numbers.js';
import { objects } from './objects.js';
import { pictures } from './pictures.js';
import { strings } from './strings.js';

function define(builtin: Builtin): Definition {
  return new Definition(builtin.invoke, builtin.arity, new Signature(builtin.signature), builtin.parameters);
}

/** Every function that JSONata has, by name without `$`. */
export const builtins: ReadonlyMap<string, Definition> = new Map(
  [strings, encodings, numbers, collections, higherOrder, matching, objects, pictures].flatMap((group) =>
    Object.entries(group).map(([name, builtin]): [string, Definition] => [name, define(builtin)]),
  ),
);
