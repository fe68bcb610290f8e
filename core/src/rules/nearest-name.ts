/** The known name that a wrong one most likely meant; null where none is near. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  let nearest: string | null = null;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceBetween(wanted, candidate.toLowerCase());
    if (distance < least) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/** What to do about a wrong name, as a sentence: the nearest known one, or all of them. */
export function didYouMean(name: string, known: Iterable<string>, otherwise = 'Known here'): string {
  const names = [...known];
  const nearest = nearestName(name, names);
  if (nearest !== null) return `Did you mean "${nearest}"?`;
  return names.length === 0 ? 'Take it out.' : `${otherwise}: ${names.join(', ')}.`;
}

function distanceBetween(wanted: string, candidate: string): number {
  // `startDate` almost certainly means `employment.startDate`.
  if (candidate !== wanted && candidate.slice(candidate.lastIndexOf('.') + 1) === wanted) return 0.5;
  return editDistance(wanted, candidate);
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) least = Math.min(least, at(beforeLast, column - 2) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.MAX_SAFE_INTEGER;
}
