import { childrenOf, type AstNode } from './ast.js';

/**
 * Variables that the tree never binds itself, by name without `$`, with the position that the parser gives their first
 * use: they come from the caller's bindings or are built-ins.
 */
export function freeVariables(tree: AstNode): ReadonlyMap<string, number | undefined> {
  const bound = new Set<string>();
  const used = new Map<string, number | undefined>();
  const visit = (node: AstNode): void => {
    for (const name of bindings(node)) bound.add(name);
    if (node.type === 'variable' && !used.has(node.value)) used.set(node.value, node.position);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(tree);
  // `$` and `$$`.
  for (const name of [...bound, '', '$']) used.delete(name);
  return used;
}

/** Names that one node binds: with `:=`, as parameters, with `@` and `#`. */
function bindings(node: AstNode): string[] {
  const names = [node.focus, node.index].filter((name) => name !== undefined);
  for (const stage of node.stages ?? []) if (stage.type === 'index') names.push(stage.value);
  if (node.type === 'bind') names.push(node.lhs.value);
  if (node.type === 'lambda') names.push(...node.arguments.map((parameter) => parameter.value));
  return names;
}
