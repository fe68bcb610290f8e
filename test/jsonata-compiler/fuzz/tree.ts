/**
 * A generated expression. `members` are those parts that the interpreter evaluates in parallel (array items, object
 * values): with two errors among them chance decides which one it reports, so the comparison takes them one by one.
 */
export type Tree = string | Parts | Members;

interface Parts {
  readonly parts: readonly Tree[];
}

export interface Members {
  readonly open: string;
  readonly close: string;
  readonly members: readonly { readonly key: string; readonly value: Tree }[];
}

/** Builds a tree as a template literal builds a string. */
export function t(strings: TemplateStringsArray, ...values: readonly Tree[]): Tree {
  const parts: Tree[] = [];
  for (const [index, text] of strings.entries()) {
    if (text !== '') parts.push(text);
    const value = values[index];
    if (value !== undefined) parts.push(value);
  }
  return { parts };
}

export function isMembers(tree: Tree): tree is Members {
  return typeof tree === 'object' && 'members' in tree;
}

export function render(tree: Tree): string {
  if (typeof tree === 'string') return tree;
  if (!isMembers(tree)) return tree.parts.map(render).join('');
  return tree.open + tree.members.map((member) => member.key + render(member.value)).join(', ') + tree.close;
}

/** One tree for each member of the first parallel part, with `0` for all the other members; none where there is none. */
export function variants(tree: Tree): Tree[] {
  if (typeof tree === 'string') return [];
  if (isMembers(tree)) return tree.members.length >= 2 ? splitMembers(tree) : inMember(tree);
  for (const [index, part] of tree.parts.entries()) {
    const found = variants(part);
    if (found.length > 0) return found.map((variant) => ({ parts: tree.parts.with(index, variant) }));
  }
  return [];
}

function splitMembers(tree: Members): Tree[] {
  const real = tree.members.filter((member) => member.value !== '0');
  if (real.length < 2) {
    const [only] = real;
    const found = only === undefined ? [] : variants(only.value);
    return found.map((value) => ({
      ...tree,
      members: tree.members.map((each) => (each === only ? { ...each, value } : each)),
    }));
  }
  return real.map((kept) => ({
    ...tree,
    members: tree.members.map((each) => (each === kept ? each : { ...each, value: '0' })),
  }));
}

function inMember(tree: Members): Tree[] {
  const [only] = tree.members;
  if (only === undefined) return [];
  return variants(only.value).map((value) => ({ ...tree, members: [{ ...only, value }] }));
}
