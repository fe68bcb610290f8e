import { ScimError } from './errors.js';
import type { ScimContext, ScimRequest, ScimResponse } from './http/request.js';
import { errorAnswer, mediaType, write, type Answer } from './http/respond.js';
import { createUser } from './routes/create-user.js';
import { describeProvider } from './routes/discovery.js';
import type { Exchange } from './routes/exchange.js';
import { patchResource } from './routes/patch.js';
import { replaceResource } from './routes/replace.js';
import { deleteResource, listByQuery, listBySearch, readResource } from './routes/resources.js';
import { createGroup } from './routes/write-group.js';
import { resourceTypes, type ResourceType } from './schema/resource-types.js';
import type { ScimStore } from './store.js';

interface Call {
  readonly request: ScimRequest;
  readonly store: ScimStore;
  readonly context: ScimContext;
}

/** What answers each method of one address. */
type Methods = Partial<Record<string, () => Answer | Promise<Answer>>>;

/**
 * Answers one request to a directory's SCIM address. Who sent it is checked before: the store is that directory's.
 *
 * Never throws: what goes wrong is answered in SCIM's own form and, where it is ours, reported to the context.
 */
export async function handleScim(request: ScimRequest, store: ScimStore, context: ScimContext): Promise<ScimResponse> {
  const type = mediaType(request.headers.accept, context.settings.accept);
  const response = write(await answerOrError({ request, store, context }), type);
  return request.method.toUpperCase() === 'HEAD' ? { ...response, body: '' } : response;
}

async function answerOrError(call: Call): Promise<Answer> {
  try {
    return await answer(call);
  } catch (error) {
    if (error instanceof ScimError) return errorAnswer(error);
    call.context.report({ note: 'failure', error });
    return errorAnswer(new ScimError(500, 'Something went wrong here. Send the request again later.'));
  }
}

async function answer(call: Call): Promise<Answer> {
  const methods = methodsAt(call, segmentsOf(call.request.path));
  const asked = call.request.method.toUpperCase();
  const method = asked === 'HEAD' ? 'GET' : asked;
  const run = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (run !== undefined) return run();
  throw new ScimError(405, 'This address does not take that method.', {
    headers: { Allow: Object.keys(methods).join(', ') },
  });
}

/** The parts of a path, decoded. Doubled slashes and one at the end are no parts. */
function segmentsOf(path: string): string[] {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map((part) => decodeURIComponent(part));
  } catch {
    throw nowhere();
  }
}

function nowhere(): ScimError {
  return new ScimError(404, 'There is nothing at this address.');
}

function methodsAt(call: Call, segments: readonly string[]): Methods {
  const [first = '', second, ...more] = segments;
  if (more.length > 0) throw nowhere();
  const name = first.toLowerCase();
  const type = resourceTypes.find(({ endpoint }) => endpoint.toLowerCase() === `/${name}`);
  if (type !== undefined) return resourceMethods({ ...call, type }, second);
  if (isDescription(name)) return descriptionMethods(call, name, second);
  if (name === 'bulk' || name === 'me') throw new ScimError(501, `/${first} is not supported.`);
  return listMethods(call, name, second);
}

const DESCRIPTIONS = ['serviceproviderconfig', 'resourcetypes', 'schemas'] as const;
type Description = (typeof DESCRIPTIONS)[number];

function isDescription(name: string): name is Description {
  return (DESCRIPTIONS as readonly string[]).includes(name);
}

function descriptionMethods(call: Call, name: Description, id: string | undefined): Methods {
  if (name === 'serviceproviderconfig' && id !== undefined) throw nowhere();
  return { GET: () => describeProvider(call, { name, id }) };
}

/** Lists over both types: the base itself, and `.search` below it. */
function listMethods(call: Call, name: string, second: string | undefined): Methods {
  if (second !== undefined) throw nowhere();
  if (name === '') return { GET: () => listByQuery({ ...call, types: resourceTypes }) };
  if (name === '.search') return { POST: () => listBySearch({ ...call, types: resourceTypes }) };
  throw nowhere();
}

function resourceMethods(exchange: Exchange, id: string | undefined): Methods {
  const types: readonly ResourceType[] = [exchange.type];
  if (id === undefined) {
    return {
      GET: () => listByQuery({ ...exchange, types }),
      POST: () => (exchange.type.kind === 'user' ? createUser(exchange) : createGroup(exchange)),
    };
  }
  if (id.toLowerCase() === '.search') return { POST: () => listBySearch({ ...exchange, types }) };
  return {
    GET: () => readResource(exchange, id),
    PUT: () => replaceResource(exchange, id),
    PATCH: () => patchResource(exchange, id),
    DELETE: () => deleteResource(exchange, id),
  };
}
