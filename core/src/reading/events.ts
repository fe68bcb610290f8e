import { RollcallError } from '@rollcall/connector-kit';
import { EVENT_TYPES, eventDocument } from '../events/event-document.js';
import type { EventRow } from '../events/tables.js';
import type { EventDocument, Listing } from '../model/documents.js';
import { didYouMean } from '../rules/nearest-name.js';
import type { Sql } from '../store/table.js';
import { limitOf } from './page.js';

/** Which events; `after` is a sequence. */
export interface EventsRequest {
  limit?: number;
  after?: number;
  type?: string;
}

/** Events in the order of their sequence; `next` is the sequence after which the following page begins. */
export async function listEvents(
  sql: Sql,
  tenantId: string,
  request: EventsRequest = {},
): Promise<Listing<EventDocument>> {
  const { after = 0, type } = request;
  const limit = limitOf(request.limit);
  refuseUnknown(after, type);
  const query = sql<EventRow>('event')
    .where({ tenant_id: tenantId })
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit + 1)
    .select();
  if (type !== undefined) void query.where('type', type);
  const rows = await query;
  const items = rows.slice(0, limit).map(eventDocument);
  return { items, next: rows.length > limit ? (items.at(-1)?.sequence ?? null) : null };
}

/** The sequence of the last event of each of these tenants; a tenant that is not there is not in the answer. */
export async function eventHeads(sql: Sql, tenants: readonly string[]): Promise<Map<string, number>> {
  const rows: { id: string; event_sequence: number }[] = await sql('tenant')
    .whereIn('id', tenants)
    .select('id', 'event_sequence');
  return new Map(rows.map((row) => [row.id, row.event_sequence]));
}

function refuseUnknown(after: number, type: string | undefined): void {
  if (!Number.isInteger(after) || after < 0) throw noSequence(after);
  if (type !== undefined && !EVENT_TYPES.includes(type)) throw unknownType(type);
}

function noSequence(after: number): RollcallError {
  return new RollcallError('RC_CURSOR_INVALID', 64, 'stop', {
    what: `${after} is no sequence of an event.`,
    mend: 'Give "next" of the page before, or the sequence of the last event that you have.',
  });
}

function unknownType(type: string): RollcallError {
  return new RollcallError('RC_USAGE_EVENT_TYPE', 64, 'stop', {
    what: `There are no events of type "${type}".`,
    mend: didYouMean(type, EVENT_TYPES),
  });
}
