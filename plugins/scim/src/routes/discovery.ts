import type { JsonObject } from '@rollcall/connector-kit';
import { ScimError, shown } from '../errors.js';
import { readQuery } from '../http/query.js';
import type { ScimContext, ScimRequest } from '../http/request.js';
import type { Answer } from '../http/respond.js';
import { resourceTypes } from '../schema/resource-types.js';
import { providerConfigDocument, resourceTypeDocument, schemaDocument, schemas } from '../schema/served.js';
import { currentUrn, LIST_URN } from '../schema/urns.js';

/** GET of what describes the service provider (RFC 7644 section 4). Knows no directory. */
export function describeProvider(
  { request, context }: { request: ScimRequest; context: ScimContext },
  { name, id }: { name: 'serviceproviderconfig' | 'resourcetypes' | 'schemas'; id: string | undefined },
): Answer {
  const { baseUrl } = context;
  if (name === 'serviceproviderconfig') return { status: 200, document: providerConfigDocument(baseUrl) };
  if (readQuery(request.query).filter !== undefined) throw new ScimError(403, 'This list takes no filter.');
  const documents =
    name === 'schemas'
      ? schemas.map((schema) => schemaDocument(schema, baseUrl))
      : resourceTypes.map((type) => resourceTypeDocument(type, baseUrl));
  return { status: 200, document: id === undefined ? listOf(documents) : chosen(documents, id) };
}

function listOf(documents: JsonObject[]): JsonObject {
  const { length } = documents;
  return { schemas: [LIST_URN], totalResults: length, startIndex: 1, itemsPerPage: length, Resources: documents };
}

function chosen(documents: readonly JsonObject[], id: string): JsonObject {
  const wanted = currentUrn(id).toLowerCase();
  const found = documents.find((document) => typeof document.id === 'string' && document.id.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new ScimError(404, `There is no ${shown(id)} here.`);
}
