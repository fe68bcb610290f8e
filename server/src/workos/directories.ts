import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ConsumerDirectory } from '@rollcall/core';
import { entityNotFound, listBody, WorkosError } from './answers.js';
import { tenantOfDirectory, tenantOfOrganization } from './ids.js';
import { directoryBody } from './objects.js';
import { Parameters } from './parameters.js';
import { idOf, tenantsOf, type WorkosContext } from './request.js';

const HIDDEN = { schema: { hide: true } };

/** `/directories`: one a tenant, however many it is read from. */
export function addDirectories(scope: FastifyInstance, context: WorkosContext): void {
  const find = async (request: FastifyRequest): Promise<ConsumerDirectory> => {
    const id = idOf(request);
    const tenant = tenantOfDirectory(await tenantsOf(context, request), id);
    const directory = tenant === null ? null : await context.rollcall.consumers.directory(tenant);
    if (directory === null) throw entityNotFound('Directory', id);
    return directory;
  };

  scope.get('/directories', HIDDEN, async (request) => {
    const all = await tenantsOf(context, request);
    const parameters = new Parameters(request.query, ['organization_id', 'search', 'domain']);
    const organization = parameters.text('organization_id');
    const search = parameters.text('search');
    if (parameters.text('domain') !== undefined)
      parameters.refuse('domain', 'domains_are_not_known_here_use_organization_id');
    const { page, isNormal } = parameters.page('desc', (shown) => tenantOfDirectory(all, shown));
    parameters.finish();
    const named = organization === undefined ? undefined : tenantOfOrganization(all, organization);
    const tenants = named === undefined ? all : [named].filter((tenant) => tenant !== null);
    const listing = await context.rollcall.consumers.directories(tenants, {
      ...page,
      ...(search === undefined ? {} : { search }),
    });
    const items = listing.items.map((directory) => directoryBody(directory, isGeneric(request)));
    return listBody({ ...listing, items }, isNormal);
  });

  scope.get('/directories/:id', HIDDEN, async (request) => directoryBody(await find(request), isGeneric(request)));

  scope.delete('/directories/:id', HIDDEN, async (request) => {
    await find(request);
    throw new WorkosError(403, {
      code: 'directory_is_configured_elsewhere',
      message:
        'Directories come and go with the tenant file of the project: take it out there and run "rollcall apply". Nothing was deleted.',
    });
  });
}

function isGeneric({ apiKey }: FastifyRequest): boolean {
  return apiKey?.consumer.genericType === true;
}
