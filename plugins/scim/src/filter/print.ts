import type { AttributePath, Filter, SelectingPath } from './ast.js';

/** Writes a filter so that reading it gives the same filter. */
export function printFilter(filter: Filter): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.map((part) => bracketed(part)).join(` ${filter.op} `);
    case 'not':
      return `not ${bracketed(filter.filter)}`;
    case 'pr':
      return `${printPath(filter.path)} pr`;
    case 'has':
      return printPath({ ...filter.path, where: filter.where });
    default:
      return `${printPath(filter.path)} ${filter.op} ${JSON.stringify(filter.value)}`;
  }
}

/** Writes the path of an attribute. */
export function printPath(path: SelectingPath): string {
  const where = path.where === undefined ? '' : `[${printFilter(path.where)}]`;
  const sub = path.sub === undefined ? '' : `.${path.sub}`;
  return `${printName(path)}${where}${sub}`;
}

function printName({ schema, name }: AttributePath): string {
  return [schema, name].filter((part) => part !== undefined).join(':');
}

function bracketed(filter: Filter): string {
  return filter.op === 'and' || filter.op === 'or' ? `(${printFilter(filter)})` : printFilter(filter);
}
