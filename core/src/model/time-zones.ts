/** Answers that were given; names are claims of strangers, so the memory of them stays bounded. */
const answers = new Map<string, boolean>();
const MOST_ANSWERS = 1_000;

/** True for a zone that this runtime knows. Asked for each record, and finding out costs a hundred times more than knowing. */
export function isTimeZone(name: string): boolean {
  const known = answers.get(name);
  if (known !== undefined) return known;
  if (answers.size >= MOST_ANSWERS) answers.clear();
  const answer = isKnown(name);
  answers.set(name, answer);
  return answer;
}

function isKnown(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
