import type { ApplyNode, AstNode, CallNode, LambdaNode, PartialNode } from '../ast.js';
import { fail, JsonataError } from '../errors.js';
import type { Evaluate, Frame } from '../frame.js';
import { FunctionValue } from '../function-value.js';
import {
  apply,
  Bare,
  Definition,
  handOn,
  HOLE,
  Lambda,
  PartialNative,
  TailCall,
  type LambdaShape,
} from '../functions.js';
import { boundNames, Scope } from '../scope.js';
import { Signature } from '../signature.js';
import type { Unit } from '../unit.js';
import { isFunction, settler } from '../values.js';
import { readVariable } from './literals.js';

/** What a call says about itself in errors. */
function nameOf(procedure: AstNode): unknown {
  if (procedure.type === 'path') return 'value' in procedure.steps[0] ? procedure.steps[0].value : undefined;
  return 'value' in procedure ? procedure.value : undefined;
}

/** Evaluates what is called; a bare name that is a function with `$` before it gets a hint. */
function compileProcedure(node: CallNode | PartialNode, scope: Scope, unit: Unit, code: string): Evaluate {
  const procedure = unit.compile(node.procedure, scope);
  const name = nameOf(node.procedure);
  if (node.procedure.type !== 'path' || typeof name !== 'string') return procedure;
  const meant = readVariable(name, scope, unit);
  return (input, frame) => {
    const found = procedure(input, frame);
    if (found === undefined && Boolean(meant(input, frame))) fail(code, { position: node.position, token: name });
    return found;
  };
}

/** `withFirst` puts the left side of `~>` before the arguments. */
type Call = (input: unknown, frame: Frame, first: readonly unknown[]) => unknown;

function compileCallWith(node: CallNode, scope: Scope, unit: Unit): Call {
  const procedure = compileProcedure(node, scope, unit, 'T1005');
  const args = node.arguments.map((arg) => unit.compile(arg, scope));
  const token = nameOf(node.procedure);
  const { position } = node;
  return (input, frame, first) => {
    const { run } = frame;
    const proc = procedure(input, frame);
    const isOurs = proc instanceof Definition;
    const values = [...first];
    for (const arg of args) {
      const value = arg(input, frame);
      // A built-in calls a function at once; only what a lambda gets hold of must forget where it came from.
      values.push(!isOurs && isFunction(value) ? handOn(value) : value);
    }
    try {
      if (proc instanceof FunctionValue && proc.isDefinition) proc.mark(run.id, token, position);
      return apply(proc, values, input, run);
    } catch (error) {
      if (error instanceof JsonataError) {
        error.position ??= position;
        error.token ??= token;
      }
      throw error;
    }
  };
}

const NO_FIRST: readonly unknown[] = [];

export function compileCall(node: CallNode, scope: Scope, unit: Unit): Evaluate {
  const call = compileCallWith(node, scope, unit);
  const finish = settler(node);
  return (input, frame) => finish(call(input, frame, NO_FIRST));
}

/** `value ~> function`, and `function ~> function`, which makes a new one. */
export function compileApply(node: ApplyNode, scope: Scope, unit: Unit): Evaluate {
  const finish = settler(node);
  const left = unit.compile(node.lhs, scope);
  if (node.rhs.type === 'function') {
    const call = compileCallWith(node.rhs, scope, unit);
    return (input, frame) => finish(call(input, frame, [left(input, frame)]));
  }
  const right = unit.compile(node.rhs, scope);
  const chain = unit.chain();
  return (input, frame) => {
    const value = left(input, frame);
    const proc = right(input, frame);
    if (!isFunction(proc)) fail('T2006', { position: node.position });
    if (!isFunction(value)) return finish(apply(proc, [value], null, frame.run));
    return apply(chain(null, frame), [value, proc], null, frame.run);
  };
}

export function compileLambda(node: LambdaNode, scope: Scope, unit: Unit): Evaluate {
  if (node.thunk === true) return compileTailCall(node.body, scope, unit);
  const inner = new Scope(scope);
  const parameters = node.arguments.map((parameter) => inner.declare(parameter.value, true));
  for (const name of boundNames([node.body])) inner.declare(name);
  const body = unit.compile(node.body, inner);
  const signature = node.signature === undefined ? undefined : new Signature(node.signature.definition);
  const shape: LambdaShape = { body, parameters, slotCount: inner.size, signature };
  return (input, frame) => new Lambda(shape, input, frame);
}

function compileTailCall(body: AstNode, scope: Scope, unit: Unit): Evaluate {
  if (body.type !== 'function') return unit.compile(body, scope);
  const shape = {
    procedure: unit.compile(body.procedure, scope),
    args: body.arguments.map((arg) => unit.compile(arg, scope)),
    token: body.procedure.type === 'variable' ? body.procedure.value : undefined,
    position: body.procedure.position,
  };
  return (input, frame) => new TailCall(shape, input, frame);
}

/** `$f(?, x)`. */
export function compilePartial(node: PartialNode, scope: Scope, unit: Unit): Evaluate {
  const procedure = compileProcedure(node, scope, unit, 'T1007');
  const args = node.arguments.map((arg) => (arg.type === 'operator' ? undefined : unit.compile(arg, scope)));
  return (input, frame) => {
    const values = args.map((arg) => (arg === undefined ? HOLE : arg(input, frame)));
    const proc = procedure(input, frame);
    if (proc instanceof Lambda || proc instanceof PartialNative) return proc.partial(values, frame.run);
    if (proc instanceof Definition) return partialDefinition(proc, values);
    if (proc instanceof Bare) return partialBare(proc, values);
    return fail('T1008', { position: node.position, token: nameOf(node.procedure) });
  };
}

function partialDefinition(proc: Definition, values: readonly unknown[]): PartialNative {
  // The interpreter reads the parameters from the source text of a function; a default value among them breaks it.
  if (proc.parameters < 0) fail('S0208', { position: 26, token: '=' });
  return new PartialNative((given, _input, run) => proc.invokeRaw(given, null, run), padded(values, proc.parameters));
}

function partialBare(proc: Bare, values: readonly unknown[]): PartialNative {
  // Of a function that was handed on, that text is `(...params)`.
  if (!proc.hasParameters) fail('S0202', { position: 12, token: '..' });
  return new PartialNative((given, _input, run) => proc.invoke(given, null, run), padded(values, proc.arity));
}

function padded(values: readonly unknown[], count: number): unknown[] {
  return Array.from({ length: count }, (_nothing, index) => values[index]);
}
