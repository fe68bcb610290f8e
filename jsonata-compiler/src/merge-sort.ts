import type { Run } from './run.js';
import type { Marked } from './values.js';

/**
 * Sorts without changing `items`; `isAfter` says whether the left item belongs behind the right one. It is asked about
 * the same pairs in the same order as by the interpreter, so that an erring or inconsistent comparator ends alike.
 */
export function mergeSort(
  items: Marked,
  run: Run,
  isAfter: (left: unknown, right: unknown) => boolean,
): readonly unknown[] {
  if (items.length <= 1) return items;
  run.items(items.length);
  return sortPart(items, run, isAfter);
}

function sortPart(
  items: readonly unknown[],
  run: Run,
  isAfter: (left: unknown, right: unknown) => boolean,
): readonly unknown[] {
  if (items.length <= 1) return items;
  const middle = Math.floor(items.length / 2);
  const left = sortPart(items.slice(0, middle), run, isAfter);
  const right = sortPart(items.slice(middle), run, isAfter);
  return merge(left, right, run, isAfter);
}

function merge(
  left: readonly unknown[],
  right: readonly unknown[],
  run: Run,
  isAfter: (left: unknown, right: unknown) => boolean,
): unknown[] {
  const merged: unknown[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    run.step();
    merged.push(isAfter(left[l], right[r]) ? right[r++] : left[l++]);
  }
  while (l < left.length) merged.push(left[l++]);
  while (r < right.length) merged.push(right[r++]);
  return merged;
}
