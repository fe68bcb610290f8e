import { RollcallError } from '@rollcall/connector-kit';
import type { MappingSource } from '../history/as-of-claims.js';
import { INACTIVE_REASONS, isInactiveReason } from '../model/claims.js';
import type { Listing, UserDocument } from '../model/documents.js';
import { USER } from '../population/tables.js';
import { userState } from '../population/user-state.js';
import { didYouMean } from '../rules/nearest-name.js';
import type { Sql } from '../store/table.js';
import { findUser } from './find-user.js';
import { pageById } from './page-by-id.js';
import type { ListScope, PageRequest } from './page.js';
import { parseInstant } from './parse-instant.js';
import { userDocuments } from './user-surroundings.js';

/** Which users. `reason` alone means the inactive ones of that reason. */
export interface UsersRequest extends PageRequest {
  active?: boolean;
  reason?: string;
}

/** Users in the order of their making, merged ones among them. */
export async function listUsers(
  sql: Sql,
  tenantId: string,
  request: UsersRequest = {},
): Promise<Listing<UserDocument>> {
  const { active, reason } = request;
  if (reason !== undefined && !isInactiveReason(reason)) throw unknownReason(reason);
  const scope: ListScope = { tenantId, list: 'users', filters: [active ?? null, reason ?? null] };
  const filters = {
    ...(active === undefined ? {} : { active: active ? 1 : 0 }),
    ...(reason === undefined ? {} : { reason }),
  };
  const { rows, next } = await pageById(sql, USER, filters, scope, request);
  return { items: await userDocuments(sql, tenantId, rows.map(userState)), next };
}

/** The moment of which an answer is asked, with what it takes to map payloads of then once more. */
export interface Moment {
  /** ISO 8601 as somebody typed it. */
  at: string;
  /** The stored form of now: what lies ahead is answered as of now. */
  now: string;
  mappings: MappingSource;
}

/** One user, now or as of a moment; a merged user answers with its own document. */
export async function showUser(sql: Sql, tenantId: string, who: string, moment?: Moment): Promise<UserDocument> {
  const at = moment === undefined ? null : parseInstant(moment.at);
  const user = await findUser(sql, tenantId, who);
  if (moment !== undefined && at !== null && at < moment.now) {
    // It maps payloads of then: nobody else needs to load that.
    const { showUserAsOf } = await import('./user-as-of.js');
    return showUserAsOf(sql, tenantId, user, at, moment.mappings);
  }
  const [document] = await userDocuments(sql, tenantId, [user]);
  if (document === undefined) throw new Error('One user made no document.');
  return document;
}

function unknownReason(reason: string): RollcallError {
  return new RollcallError('RC_USAGE_REASON', 64, 'stop', {
    what: `"${reason}" is no reason of inactivity.`,
    mend: didYouMean(reason, INACTIVE_REASONS),
  });
}
