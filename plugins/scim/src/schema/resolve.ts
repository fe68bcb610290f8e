import type { AttributePath } from '../filter/ast.js';
import type { AttributeDefinition, SchemaDefinition } from './definition.js';
import { commonAttributes, type ResourceType } from './resource-types.js';
import { currentUrn } from './urns.js';

/** What a name of a client stands for. Without a definition: an attribute that no schema knows. */
export interface Target {
  /** The URN under which the attribute stands; undefined for the resource itself. */
  readonly extension: string | undefined;
  /** Spelled as in the schema; undefined when the whole extension is meant. */
  readonly name: string | undefined;
  readonly definition: AttributeDefinition | undefined;
  readonly sub: string | undefined;
  readonly subDefinition: AttributeDefinition | undefined;
}

/** Finds a definition by its name in any letters. */
export function definitionNamed(
  definitions: readonly AttributeDefinition[],
  name: string,
): AttributeDefinition | undefined {
  const wanted = name.toLowerCase();
  return definitions.find((definition) => definition.name.toLowerCase() === wanted);
}

/** Finds the extension of a type by its URN in any letters. */
export function extensionOf(type: ResourceType, urn: string): SchemaDefinition | undefined {
  const wanted = currentUrn(urn).toLowerCase();
  return type.extensions.find(({ id }) => id.toLowerCase() === wanted);
}

/** True for the name of the core schema of a type, today's or that of SCIM 1.x. */
export function isCoreUrn(type: ResourceType, urn: string): boolean {
  const current = currentUrn(urn);
  return current === '' || current.toLowerCase() === type.schema.id.toLowerCase();
}

/**
 * Finds what a path names. A name without a URN is looked for in the core first, then in the extensions: Entra ID
 * writes `manager`, where the enterprise extension is meant.
 */
export function resolveAttribute(type: ResourceType, path: AttributePath): Target {
  if (path.schema !== undefined && !isCoreUrn(type, path.schema)) return inExtension(type, path.schema, path);
  const core = definitionNamed([...commonAttributes, ...type.schema.attributes], path.name ?? '');
  if (core !== undefined) return target(undefined, core, path);
  for (const extension of path.schema === undefined ? type.extensions : []) {
    const definition = definitionNamed(extension.attributes, path.name ?? '');
    if (definition !== undefined) return target(extension.id, definition, path);
  }
  return target(undefined, undefined, path);
}

function inExtension(type: ResourceType, urn: string, path: AttributePath): Target {
  const extension = extensionOf(type, urn);
  if (extension === undefined) return target(currentUrn(urn), undefined, path);
  return target(extension.id, definitionNamed(extension.attributes, path.name ?? ''), path);
}

function target(
  extension: string | undefined,
  definition: AttributeDefinition | undefined,
  path: AttributePath,
): Target {
  const subDefinition = path.sub === undefined ? undefined : definitionNamed(definition?.subAttributes ?? [], path.sub);
  return {
    extension,
    name: definition?.name ?? path.name,
    definition,
    sub: subDefinition?.name ?? path.sub,
    subDefinition,
  };
}
