import type { FastifyInstance } from 'fastify';
import { entityNotFound, listBody } from './answers.js';
import { narrowed } from './filters.js';
import { storedId } from './ids.js';
import { groupBody } from './objects.js';
import { Parameters } from './parameters.js';
import { idOf, profileOf, tenantsOf, type WorkosContext } from './request.js';

const HIDDEN = { schema: { hide: true } };

/** `/directory_groups`: those that are not removed. */
export function addGroups(scope: FastifyInstance, context: WorkosContext): void {
  const { consumers } = context.rollcall;

  scope.get('/directory_groups', HIDDEN, async (request) => {
    const parameters = new Parameters(request.query, ['directory', 'user']);
    const named = { directory: parameters.text('directory'), user: parameters.text('user') };
    const { page, isNormal } = parameters.page('desc', (shown) => storedId('group', shown));
    parameters.finish();
    const { tenants, user } = await narrowed(context, await tenantsOf(context, request), named, profileOf(request));
    const listing = await consumers.groups(tenants, { ...page, ...(user === undefined ? {} : { user }) });
    return listBody({ ...listing, items: listing.items.map(groupBody) }, isNormal);
  });

  scope.get('/directory_groups/:id', HIDDEN, async (request) => {
    const id = idOf(request);
    const stored = storedId('group', id);
    const group = stored === null ? null : await consumers.group(await tenantsOf(context, request), stored);
    if (group === null || group.removed) throw entityNotFound('Directory Group', id);
    return groupBody(group);
  });
}
