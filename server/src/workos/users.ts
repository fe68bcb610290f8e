import type { FastifyInstance } from 'fastify';
import { entityNotFound, listBody } from './answers.js';
import { isShown, narrowed } from './filters.js';
import { storedId } from './ids.js';
import { userWithGroups } from './objects.js';
import { Parameters } from './parameters.js';
import { idOf, profileOf, tenantsOf, type WorkosContext } from './request.js';

const HIDDEN = { schema: { hide: true } };

/** `/directory_users`: everybody but who was merged; in the profile `workos_default` the active ones alone. */
export function addUsers(scope: FastifyInstance, context: WorkosContext): void {
  const { consumers } = context.rollcall;
  const mostGroups = context.limits.groupsPerUser;

  scope.get('/directory_users', HIDDEN, async (request) => {
    const parameters = new Parameters(request.query, ['directory', 'group', 'idp_id', 'email']);
    const [email, idpId] = [parameters.text('email'), parameters.text('idp_id')];
    const named = { directory: parameters.text('directory'), group: parameters.text('group') };
    if (named.directory === undefined) {
      if (email !== undefined) parameters.refuse('email', 'email_needs_directory');
      if (idpId !== undefined) parameters.refuse('idp_id', 'idp_id_needs_directory');
    }
    const { page, isNormal } = parameters.page('desc', (shown) => storedId('user', shown));
    parameters.finish();
    const { tenants, group } = await narrowed(context, await tenantsOf(context, request), named, profileOf(request));
    const listing = await consumers.users(tenants, {
      ...page,
      mostGroups,
      onlyActive: profileOf(request) === 'workos_default',
      ...(group === undefined ? {} : { group }),
      ...(email === undefined ? {} : { email }),
      ...(idpId === undefined ? {} : { idpId }),
    });
    return listBody({ ...listing, items: listing.items.map(userWithGroups) }, isNormal);
  });

  scope.get('/directory_users/:id', HIDDEN, async (request) => {
    const id = idOf(request);
    const stored = storedId('user', id);
    const user = stored === null ? null : await consumers.user(await tenantsOf(context, request), stored, mostGroups);
    if (user === null || !isShown(user, profileOf(request))) throw entityNotFound('Directory User', id);
    return userWithGroups(user);
  });
}
