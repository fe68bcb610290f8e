import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answers, SECURITY, type V1Context } from './context.js';
import { GROUP, ID, INSTANT, NAME, PAGE, parameters, TENANT, WHO } from './parameters.js';
import { object, page, text, the, type JsonSchema } from './schemas/words.js';

type Params = Readonly<Record<'tenant' | 'who' | 'group' | 'run', string>>;

/** What one document is read by. */
interface Operation {
  operationId: string;
  summary: string;
  params?: Readonly<Record<string, JsonSchema>>;
  query?: Readonly<Record<string, JsonSchema>>;
  document: JsonSchema;
}

function operation({ operationId, summary, params = {}, query = {}, document }: Operation): {
  schema: Record<string, unknown>;
} {
  return {
    schema: {
      operationId,
      summary,
      tags: ['reading'],
      security: SECURITY,
      params: parameters(params, Object.keys(params)),
      querystring: parameters(query),
      response: answers(document),
    },
  };
}

const paramsOf = (request: FastifyRequest): Params => request.params as Params;
const queryOf = (request: FastifyRequest): Readonly<Record<string, string | undefined>> =>
  request.query as Record<string, string | undefined>;

/** The documents that are no lists: tenants, one user, one group, one run, an explanation. */
export function addDocuments(scope: FastifyInstance, context: V1Context): void {
  addTenants(scope, context);
  addPeople(scope, context);
  addGroup(scope, context);
  addRun(scope, context);
}

function addTenants(scope: FastifyInstance, { rollcall }: V1Context): void {
  const summary = 'The tenants that this API key is good for; always one page.';
  const document = page('rollcall.tenants/1', object({ tenant: text }));
  scope.get('/tenants', operation({ operationId: 'listTenants', summary, document }), async (request) => {
    const good = request.apiKey?.tenants;
    const tenants = await rollcall.tenants();
    const items = tenants.filter((tenant) => good?.includes(tenant) !== false).map((tenant) => ({ tenant }));
    return { format: 'rollcall.tenants/1', next: null, items };
  });
}

function addPeople(scope: FastifyInstance, { rollcall }: V1Context): void {
  const params = { tenant: TENANT, who: WHO };
  const show = operation({
    operationId: 'showUser',
    summary: 'One person, now or as of a moment.',
    params,
    query: { at: INSTANT },
    document: object({ format: { const: 'rollcall.user/1' }, user: the('User') }),
  });
  scope.get('/tenants/:tenant/users/:who', show, async (request) => {
    const { tenant, who } = paramsOf(request);
    const door = await rollcall.reading(tenant);
    return { format: 'rollcall.user/1', user: await door.users.show(who, queryOf(request).at) };
  });
  const explain = operation({
    operationId: 'explainUser',
    summary: 'Why a person is as they are: which record, mapping line and rule, and who disagrees.',
    params,
    query: { attribute: NAME, at: INSTANT },
    document: the('Explanation'),
  });
  scope.get('/tenants/:tenant/users/:who/explain', explain, async (request) => {
    const { tenant, who } = paramsOf(request);
    const { attribute, at } = queryOf(request);
    const door = await rollcall.reading(tenant);
    const chosen = { ...(attribute === undefined ? {} : { attribute }), ...(at === undefined ? {} : { at }) };
    return { format: 'rollcall.explain/1', ...(await door.explain(who, chosen)) };
  });
}

function addGroup(scope: FastifyInstance, { rollcall, cursors }: V1Context): void {
  const show = operation({
    operationId: 'showGroup',
    summary: 'One group with a page of its members.',
    params: { tenant: TENANT, group: GROUP },
    query: PAGE,
    document: object({ format: { const: 'rollcall.group/1' }, group: the('ShownGroup') }),
  });
  scope.get('/tenants/:tenant/groups/:group', show, async (request) => {
    const { tenant, group } = paramsOf(request);
    const { limit, after } = request.query as { limit: number; after?: string };
    const cursorScope = { tenant, list: 'showGroup', filters: { group } };
    const door = await rollcall.reading(tenant);
    const part = after === undefined ? { limit } : { limit, after: cursors.open(cursorScope, after) };
    const shown = await door.groups.show(group, part);
    const membersNext = shown.membersNext === null ? null : cursors.sign(cursorScope, shown.membersNext);
    return { format: 'rollcall.group/1', group: { ...shown, membersNext } };
  });
}

function addRun(scope: FastifyInstance, { rollcall }: V1Context): void {
  const show = operation({
    operationId: 'showRun',
    summary: 'One run.',
    params: { tenant: TENANT, run: ID },
    document: object({ format: { const: 'rollcall.run/1' }, run: the('Run') }),
  });
  scope.get('/tenants/:tenant/runs/:run', show, async (request) => {
    const { tenant, run } = paramsOf(request);
    const door = await rollcall.reading(tenant);
    return { format: 'rollcall.run/1', run: await door.runs.show(run) };
  });
}
