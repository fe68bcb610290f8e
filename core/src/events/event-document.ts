import type { EventDocument } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import type { Json } from '../model/json.js';
import type { EventRow } from './tables.js';

/** Every type of event (contract.md). */
export const EVENT_TYPES = [
  ...['created', 'activated', 'updated', 'deactivated', 'reactivated', 'merged'].map((verb) => `user.${verb}`),
  ...['created', 'updated', 'removed'].map((verb) => `group.${verb}`),
  ...['added', 'removed'].map((verb) => `membership.${verb}`),
  ...['opened', 'updated', 'closed'].map((verb) => `conflict.${verb}`),
  ...['opened', 'decided'].map((verb) => `review.${verb}`),
  ...['stale', 'fresh'].map((state) => `directory.${state}`),
  ...['disabled', 'enabled'].map((state) => `webhook.${state}`),
] as const;

/** One event as consumers see it. */
export function eventDocument(row: EventRow): EventDocument {
  return {
    id: row.id,
    sequence: row.sequence,
    tenant: row.tenant_id,
    type: row.type,
    occurredAt: shownInstant(row.occurred_at),
    subject: { kind: row.subject_kind, id: row.subject_id },
    changeId: row.change_id,
    changed: JSON.parse(row.changed) as string[],
    data: JSON.parse(row.data) as Json,
  };
}
