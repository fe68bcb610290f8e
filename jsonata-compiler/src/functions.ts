import { fail, JsonataError } from './errors.js';
import { Frame, unsetSlots, type Evaluate } from './frame.js';
import { FunctionValue, type Invoke } from './function-value.js';
import type { Run } from './run.js';
import type { Signature } from './signature.js';

/** Stands for `?` among the arguments of a partial application. */
export const HOLE: unique symbol = Symbol('hole');

/** What a lambda is in the text: shared by all the closures made of it. */
export interface LambdaShape {
  readonly body: Evaluate;
  /** The slot of each parameter, in order. */
  readonly parameters: readonly number[];
  readonly slotCount: number;
  readonly signature: Signature | undefined;
}

type Bound = readonly (readonly [slot: number, value: unknown])[];

/** A function written in the expression, with the context and variables it was made in. */
export class Lambda extends FunctionValue {
  readonly #shape: LambdaShape;
  readonly #input: unknown;
  readonly #frame: Frame;
  /** The slots still to be filled, in order. */
  readonly #open: readonly number[];
  readonly #bound: Bound;
  readonly #signature: Signature | undefined;

  constructor(shape: LambdaShape, input: unknown, frame: Frame, partial?: { open: readonly number[]; bound: Bound }) {
    super();
    this.#shape = shape;
    this.#input = input;
    this.#frame = frame;
    this.#open = partial?.open ?? shape.parameters;
    this.#bound = partial?.bound ?? [];
    // A partial application loses the signature, as in the interpreter.
    this.#signature = partial === undefined ? shape.signature : undefined;
  }

  override get arity(): number {
    return this.#open.length;
  }

  override invoke(args: readonly unknown[], context: unknown, run: Run): unknown {
    const valid = this.#signature === undefined ? args : this.#signature.validate(args, context);
    const slots = unsetSlots(this.#shape.slotCount);
    if (this.#bound.length > 0) run.spend(this.#bound.length);
    for (const [slot, value] of this.#bound) slots[slot] = value;
    const open = this.#open;
    for (let index = 0; index < open.length; index++) slots[open[index] ?? 0] = valid[index];
    return this.#shape.body(this.#input, new Frame(run, this.#frame, slots));
  }

  /** The same function with every argument but the holes filled in. */
  partial(args: readonly unknown[], run: Run): Lambda {
    run.spend(this.#bound.length + this.#open.length + 1);
    const bound = [...this.#bound];
    const open: number[] = [];
    for (const [index, slot] of this.#open.entries()) {
      if (args[index] === HOLE) open.push(slot);
      else bound.push([slot, args[index]]);
    }
    return new Lambda(this.#shape, this.#input, this.#frame, { open, bound });
  }
}

/** A function that comes with a signature: a built-in, a transform, a function of the caller. */
export class Definition extends FunctionValue {
  readonly #invoke: Invoke;
  readonly #signature: Signature | undefined;
  readonly #arity: number;
  readonly #parameters: number;

  constructor(invoke: Invoke, arity: number, signature?: Signature, parameters = arity) {
    super();
    this.#invoke = invoke;
    this.#arity = arity;
    this.#signature = signature;
    this.#parameters = parameters;
  }

  override get arity(): number {
    return this.#arity;
  }

  get signature(): Signature | undefined {
    return this.#signature;
  }

  /** How many named parameters it has; a partial application knows only these. */
  get parameters(): number {
    return this.#parameters;
  }

  override invoke(args: readonly unknown[], input: unknown, run: Run): unknown {
    const valid = this.#signature === undefined ? args : this.#signature.validate(args, input);
    return this.#invoke(valid, input, run);
  }

  /** Calls past the signature, as the interpreter does after a partial application. */
  invokeRaw(args: readonly unknown[], input: unknown, run: Run): unknown {
    return this.#invoke(args, input, run);
  }
}

/** What the interpreter holds as a bare JavaScript function: no signature, no memory of its call site. */
export class Bare extends FunctionValue {
  readonly #invoke: Invoke;
  readonly #arity: number;
  readonly #hasParameters: boolean;

  constructor(invoke: Invoke, arity: number, hasParameters = true) {
    super(false);
    this.#invoke = invoke;
    this.#arity = arity;
    this.#hasParameters = hasParameters;
  }

  /** False for a function handed on as an argument: its parameters have no names, so it cannot be applied in part. */
  get hasParameters(): boolean {
    return this.#hasParameters;
  }

  override get arity(): number {
    return this.#arity;
  }

  override invoke(args: readonly unknown[], input: unknown, run: Run): unknown {
    return this.#invoke(args, input, run);
  }
}

/** A built-in or a function of the caller with some arguments filled in: called past its signature. */
export class PartialNative extends FunctionValue {
  readonly #invoke: Invoke;
  readonly #given: readonly unknown[];
  readonly #holes: readonly number[];

  /** `given` holds an argument or a hole for each parameter. */
  constructor(invoke: Invoke, given: readonly unknown[]) {
    super();
    this.#invoke = invoke;
    this.#given = given;
    this.#holes = [...given.keys()].filter((index) => given[index] === HOLE);
  }

  override get arity(): number {
    return this.#holes.length;
  }

  override invoke(args: readonly unknown[], _input: unknown, run: Run): unknown {
    return this.#invoke(this.#filled(args), null, run);
  }

  partial(args: readonly unknown[], run: Run): PartialNative {
    run.spend(this.#given.length + 1);
    return new PartialNative(this.#invoke, this.#filled(args));
  }

  #filled(args: readonly unknown[]): unknown[] {
    const filled = [...this.#given];
    for (const [index, hole] of this.#holes.entries()) filled[hole] = args[index];
    return filled;
  }
}

/** A call in tail position: `apply` makes it, so that such recursion needs no stack. */
export class TailCall {
  readonly procedure: Evaluate;
  readonly args: readonly Evaluate[];
  readonly input: unknown;
  readonly frame: Frame;
  readonly token: unknown;
  readonly position: number | undefined;

  constructor(shape: TailShape, input: unknown, frame: Frame) {
    this.procedure = shape.procedure;
    this.args = shape.args;
    this.token = shape.token;
    this.position = shape.position;
    this.input = input;
    this.frame = frame;
  }
}

export interface TailShape {
  readonly procedure: Evaluate;
  readonly args: readonly Evaluate[];
  readonly token: unknown;
  readonly position: number | undefined;
}

/** Calls `proc` and every tail call that follows. */
export function apply(proc: unknown, args: readonly unknown[], input: unknown, run: Run): unknown {
  run.enter();
  let result = applyOnce(proc, args, input, run);
  while (result instanceof TailCall) {
    run.step();
    const { frame, input: context } = result;
    const next = result.procedure(context, frame);
    // The interpreter forgets the name of a call that is no variable, but not that of an earlier call.
    if (next instanceof FunctionValue) {
      next.mark(run.id, result.token ?? next.tokenIn(run.id), result.position);
    }
    const nextArgs = result.args.map((arg) => arg(context, frame));
    result = applyOnce(next, nextArgs, input, run);
  }
  run.leave();
  return result;
}

function applyOnce(proc: unknown, args: readonly unknown[], input: unknown, run: Run): unknown {
  if (!(proc instanceof FunctionValue)) fail('T1006');
  try {
    return proc.invoke(args, input, run);
  } catch (error) {
    if (error instanceof JsonataError) {
      error.token ??= proc.tokenIn(run.id);
      error.position = proc.positionIn(run.id) ?? error.position;
    }
    throw error;
  }
}

/** Calls a function that was handed over as an argument: its context is null. */
export function callBack(proc: unknown, args: readonly unknown[], run: Run): unknown {
  return apply(proc, args, null, run);
}

/** A function as an argument of a function: what is called by this name remembers nothing of the original. */
export function handOn(proc: FunctionValue): Bare {
  return new Bare((args, _input, run) => callBack(proc, args, run), proc.arity, false);
}
