export { compile, CompiledExpression, type CompileOptions } from './compile.js';
export type { NodeReport } from './compiler.js';
export type { Reads } from './reads.js';
export { isJsonataError, JsonataError, type ErrorDetail } from './errors.js';
export { defaultBudgets, type Budgets } from './budgets.js';
export { CompiledMapping, compileMapping, type MappingResult } from './mapping.js';
export type { Chance, Limits } from './run.js';
export { defineFunction, type Bindings, type HostFunction } from './bindings.js';
export { isFunction as isFunctionValue } from './values.js';
