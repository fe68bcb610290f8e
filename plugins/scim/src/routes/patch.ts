import { readBody } from '../http/read-body.js';
import type { Answer } from '../http/respond.js';
import { applyOperations } from '../patch/apply.js';
import { readOperations } from '../patch/operations.js';
import { demandRequired } from '../resource/from-body.js';
import { demandProjection, demandVersion, headersOf, readVisible, showing, type Exchange } from './exchange.js';
import { updateGroup } from './write-group.js';
import { demandUniqueUser, updateUser } from './write-user.js';

/**
 * PATCH: all operations or none. A user is shown; a group only when the client asks for attributes, so that no client gets
 * a hundred thousand members for having added one.
 *
 * @throws ScimError 400, 404, 409, 412.
 */
export async function patchResource(exchange: Exchange, id: string): Promise<Answer> {
  const { isGiven } = demandProjection(exchange);
  const { store, context, type } = exchange;
  const operations = readOperations(readBody(exchange.request, context.limits));
  const stored = await store.write(async (unit) => {
    const before = await readVisible(unit, type.kind, id);
    demandVersion(exchange, before);
    const { resource, members } = applyOperations(type, { id, resource: before.resource }, operations);
    demandRequired(type, resource);
    if (type.kind === 'group') return updateGroup(exchange, unit, { stored: before, resource, steps: members });
    await demandUniqueUser(exchange, unit, { id, resource, before: before.resource });
    return updateUser(exchange, unit, { stored: before, resource });
  });
  if (type.kind === 'group' && !isGiven) return { status: 204, headers: headersOf(stored, context) };
  return showing(exchange, stored, 200);
}
