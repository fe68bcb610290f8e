/** A node of JSONata's syntax tree, as far as it is looked at here. */
export interface TreeNode {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly steps?: readonly TreeNode[];
  readonly arguments?: readonly TreeNode[];
  readonly procedure?: TreeNode;
  readonly lhs?: unknown;
  readonly rhs?: unknown;
  readonly stages?: readonly TreeNode[];
  readonly predicate?: readonly TreeNode[];
  readonly expr?: TreeNode;
  readonly terms?: readonly { readonly expression: TreeNode }[];
  readonly group?: { readonly lhs: readonly (readonly TreeNode[])[] };
  readonly focus?: string;
  readonly index?: string;
  readonly keepArray?: boolean;
  readonly signature?: { readonly definition?: string };
}

/** True for a node of a syntax tree. */
export function isTreeNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Every node of a tree, parents before children. */
export function* nodesOf(value: unknown): Generator<TreeNode> {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return;
  if (isTreeNode(value)) yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

/** Names of all variables that the expression binds itself: with `:=`, as parameters, with `@` and `#`. */
export function boundVariables(tree: TreeNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodesOf(tree)) {
    if (node.focus !== undefined) names.add(node.focus);
    if (node.index !== undefined) names.add(node.index);
    if (node.type === 'index') names.add(String(node.value));
    if (node.type === 'bind' && isTreeNode(node.lhs)) names.add(String(node.lhs.value));
    if (node.type === 'lambda') for (const parameter of node.arguments ?? []) names.add(String(parameter.value));
  }
  return names;
}

const MODIFIERS: readonly (keyof TreeNode)[] = ['stages', 'predicate', 'focus', 'index', 'group', 'keepArray'];

/** The field's name where an expression is nothing but a field. */
export function plainField(tree: TreeNode): string | null {
  const [step, ...others] = tree.steps ?? [];
  if (tree.type !== 'path' || step?.type !== 'name' || others.length > 0) return null;
  return MODIFIERS.some((key) => step[key] !== undefined || tree[key] !== undefined) ? null : String(step.value);
}

/** True where the expression keeps arrays of one (`emails[]`): JSONata then marks the very arrays of its input. */
export function marksArrays(tree: TreeNode): boolean {
  for (const node of nodesOf(tree)) if (node.keepArray === true) return true;
  return false;
}
