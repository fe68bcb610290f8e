/** A place where others may come first. */
export type Yield = () => Promise<void>;

/** Gives way for a number of turns that a seed decides, so that what runs side by side is really mixed, and each run the same. */
export function interleaving(seed: number): Yield {
  let state = seed >>> 0 || 1;
  return async () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    for (let turns = state % 5; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
  };
}
