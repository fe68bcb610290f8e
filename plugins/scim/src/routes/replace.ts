import type { JsonObject } from '@rollcall/connector-kit';
import { readBody } from '../http/read-body.js';
import type { Answer } from '../http/respond.js';
import { resourceFromBody, saysNull } from '../resource/from-body.js';
import { own } from '../resource/json.js';
import type { StoredResource } from '../store.js';
import { demandProjection, demandVersion, readVisible, showing, type Exchange } from './exchange.js';
import { updateGroup } from './write-group.js';
import { demandUniqueUser, updateUser } from './write-user.js';

/**
 * PUT: what the body does not say is gone, with three exceptions that keep people (JumpCloud sends bodies without them): an
 * external id and `active` that are not given stay, and `emails: null` does not blank the last good addresses. The members of
 * a group that the body does not name stay as they are.
 *
 * @throws ScimError 404, 409, 412.
 */
export async function replaceResource(exchange: Exchange, id: string): Promise<Answer> {
  demandProjection(exchange);
  const { store, context, type } = exchange;
  const body = readBody(exchange.request, context.limits);
  const stored = await store.write(async (unit) => {
    const before = await readVisible(unit, type.kind, id);
    demandVersion(exchange, before);
    const { resource: given, members } = resourceFromBody(type, body);
    const resource = kept(exchange, { before, given, body });
    if (type.kind === 'group') return updateGroup(exchange, unit, { stored: before, resource, steps: members });
    await demandUniqueUser(exchange, unit, { id, resource, before: before.resource });
    return updateUser(exchange, unit, { stored: before, resource });
  });
  return showing(exchange, stored, 200);
}

function kept(
  { context, type }: Exchange,
  { before, given, body }: { before: StoredResource; given: JsonObject; body: JsonObject },
): JsonObject {
  const names = ['externalId'];
  if (type.kind === 'user') names.push('active');
  const areEmailsNull =
    type.kind === 'user' && saysNull(body, 'emails') && own(before.resource, 'emails') !== undefined;
  if (areEmailsNull) {
    names.push('emails');
    context.report({ note: 'emailsKept', id: before.id });
  }
  const result: JsonObject = { ...given };
  for (const name of names) {
    const value = own(before.resource, name);
    if (own(given, name) === undefined && value !== undefined) result[name] = value;
  }
  return result;
}
