/** JSON as it stands in an OpenAPI document. */
type Node = Readonly<Record<string, unknown>>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/**
 * What a newer document takes away from those who were written against an older one: a path, an operation, a parameter, a
 * response or one of its fields that is gone or of another type, and whatever was not asked for before. What is added
 * breaks nobody.
 *
 * @returns one sentence each, empty when nothing breaks.
 */
export function breakingChanges(before: Node, after: Node): string[] {
  return Object.entries(nodeAt(before, 'paths')).flatMap(([path, item]) => {
    const now = nodeAt(after, 'paths')[path];
    if (now === undefined) return [`${path} is gone`];
    return METHODS.filter((method) => isNode(item) && method in item).flatMap((method) => {
      const operation = nodeAt(now, method);
      const place = `${method.toUpperCase()} ${path}`;
      if (Object.keys(operation).length === 0) return [`${place} is gone`];
      return operationChanges(place, nodeAt(item, method), operation, { before, after });
    });
  });
}

interface Documents {
  before: Node;
  after: Node;
}

function operationChanges(place: string, before: Node, after: Node, documents: Documents): string[] {
  return [
    ...parameterChanges(place, parametersOf(before), parametersOf(after)),
    ...bodyChanges(place, before, after, documents),
    ...Object.entries(nodeAt(before, 'responses')).flatMap(([status, response]) => {
      const now = nodeAt(nodeAt(after, 'responses'), status);
      return mediaTypes(response).flatMap(([type, schema]) => {
        const then = mediaTypes(now).find(([name]) => name === type);
        if (then === undefined) return [`${place}: the response ${status} ${type} is gone`];
        return fieldChanges(`${place}: ${status}`, schema, then[1], documents, new Set());
      });
    }),
  ];
}

function parametersOf(operation: Node): Node[] {
  return Array.isArray(operation.parameters) ? operation.parameters.filter(isNode) : [];
}

function parameterChanges(place: string, before: readonly Node[], after: readonly Node[]): string[] {
  const same = (a: Node) => (b: Node) => a.name === b.name && a.in === b.in;
  const gone = before.filter((parameter) => !after.some(same(parameter)));
  const needed = after.filter(
    (parameter) => parameter.required === true && before.find(same(parameter))?.required !== true,
  );
  return [
    ...gone.map(({ name }) => `${place}: the parameter ${String(name)} is gone`),
    ...needed.map(({ name }) => `${place}: the parameter ${String(name)} is needed now`),
  ];
}

/** A body is new, or asks for a field that it did not ask for. */
function bodyChanges(place: string, before: Node, after: Node, documents: Documents): string[] {
  const [now] = mediaTypes(nodeAt(after, 'requestBody'));
  if (now === undefined) return [];
  const [then] = mediaTypes(nodeAt(before, 'requestBody'));
  if (then === undefined)
    return nodeAt(after, 'requestBody').required === true ? [`${place}: a body is needed now`] : [];
  const asked = requiredOf(resolved(then[1], documents.before));
  const added = requiredOf(resolved(now[1], documents.after)).filter((name) => !asked.includes(name));
  return added.map((name) => `${place}: the field ${name} of the body is needed now`);
}

function mediaTypes(holder: unknown): [string, unknown][] {
  return Object.entries(nodeAt(holder, 'content')).map(([type, media]) => [type, nodeAt(media, 'schema')]);
}

/** Fields of an answer that are gone, of another type, or no longer promised. */
function fieldChanges(
  place: string,
  before: unknown,
  after: unknown,
  documents: Documents,
  seen: ReadonlySet<unknown>,
): string[] {
  const [then, now] = [resolved(before, documents.before), resolved(after, documents.after)];
  if (seen.has(then)) return [];
  const path = new Set([...seen, then]);
  const types = newTypes(then, now).map((type) => `${place} may be ${type} now`);
  const items = 'items' in then ? fieldChanges(`${place}[]`, then.items, nodeAt(now, 'items'), documents, path) : [];
  const fields = Object.entries(nodeAt(then, 'properties')).flatMap(([name, schema]) => {
    const field = nodeAt(now, 'properties')[name];
    if (field === undefined) return [`${place}.${name} is gone`];
    const lost = requiredOf(then).includes(name) && !requiredOf(now).includes(name);
    const deeper = fieldChanges(`${place}.${name}`, schema, field, documents, path);
    return lost ? [`${place}.${name} may be missing now`, ...deeper] : deeper;
  });
  return [...types, ...items, ...fields];
}

/** Types that an answer did not have before; no type at all means any. */
function newTypes(before: Node, after: Node): string[] {
  const then = typesOf(before);
  if (then.length === 0) return [];
  const now = typesOf(after);
  return now.length === 0 ? ['anything'] : now.filter((type) => !then.includes(type));
}

function typesOf(schema: Node): string[] {
  return [schema.type].flat().filter((type) => typeof type === 'string');
}

function requiredOf(schema: Node): string[] {
  return Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];
}

/** The schema that a reference names. */
function resolved(schema: unknown, document: Node): Node {
  if (!isNode(schema)) return {};
  if (typeof schema.$ref !== 'string') return schema;
  const steps = schema.$ref.split('/').slice(1);
  return steps.reduce<Node>((node, step) => nodeAt(node, step), document);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nodeAt(value: unknown, name: string): Node {
  const found = isNode(value) ? value[name] : undefined;
  return isNode(found) ? found : {};
}
