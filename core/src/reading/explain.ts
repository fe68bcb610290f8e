import { explain, type ExplainDocument } from '../history/explain.js';
import type { MappingSource } from '../history/as-of-claims.js';
import type { Sql } from '../store/table.js';
import { findUser } from './find-user.js';
import { parseInstant } from './parse-instant.js';

/** What is to be explained of a user. */
export interface ExplainWhoRequest {
  attribute?: string;
  /** ISO 8601 as somebody typed it. */
  at?: string;
  /** The stored form of now. */
  now: string;
  mappings: MappingSource;
}

/** `rollcall.explain/1` of the user that WHO names. */
export async function explainWho(
  sql: Sql,
  tenantId: string,
  who: string,
  request: ExplainWhoRequest,
): Promise<ExplainDocument> {
  const { now, mappings, attribute } = request;
  const at = request.at === undefined ? null : parseInstant(request.at);
  const user = await findUser(sql, tenantId, who);
  return explain(sql, tenantId, user.id, { at, now, ...(attribute === undefined ? {} : { attribute }) }, mappings);
}
