export { compile, CompiledExpression } from './compile.js';
export { isJsonataError, JsonataError, type ErrorDetail } from './errors.js';
export { defaultBudgets, type Budgets } from './budgets.js';
export type { Chance } from './run.js';
export { defineFunction, type Bindings, type HostFunction } from './bindings.js';
