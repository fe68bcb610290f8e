/**
 * What one evaluation may cost. Exceeding any of them ends it with an error whose code starts with `BUDGET_`; none is
 * measured in time, so that the same expression and record always end the same way.
 */
export interface Budgets {
  /**
   * Work: one for each item of a loop and each call, one for each 32 characters made, more for a regular expression.
   * It bounds time (about 0.1 to 1 µs a step) and, since whatever is made costs steps, memory. Default 1,000,000.
   */
  readonly steps: number;
  /** Calls inside calls; tail calls do not count. Default 200. */
  readonly depth: number;
  /** Characters of the result, near enough as JSON; eight for each value that is no string. Default 262,144. */
  readonly output: number;
  /** Items of any sequence or array made. Default 100,000. */
  readonly sequence: number;
  /** Characters of any string made. Default 1,048,576. */
  readonly string: number;
}

export const defaultBudgets: Budgets = Object.freeze({
  steps: 1_000_000,
  depth: 200,
  output: 262_144,
  sequence: 100_000,
  string: 1_048_576,
});

/** Completes what the caller gave; a value that is no positive integer is a mistake of the caller. */
export function completeBudgets(given: Partial<Budgets> | undefined): Budgets {
  if (given === undefined) return defaultBudgets;
  const budgets = { ...defaultBudgets };
  for (const name of Object.keys(defaultBudgets) as (keyof Budgets)[]) {
    const value = given[name];
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`budget ${name} must be a positive integer`);
    budgets[name] = value;
  }
  return budgets;
}
