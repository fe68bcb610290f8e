import { table } from '../store/table.js';

export interface EventRow {
  tenant_id: string;
  sequence: number;
  id: string;
  type: string;
  occurred_at: string;
  subject_kind: string;
  subject_id: string;
  change_id: string | null;
  /** JSON array of attribute names. */
  changed: string;
  /** JSON: the subject in the shape of its list after the change. */
  data: string;
}

export const EVENT = table<EventRow>(
  'event',
  {
    tenant_id: 'text',
    sequence: 'int',
    id: 'text',
    type: 'text',
    occurred_at: 'text',
    subject_kind: 'text',
    subject_id: 'text',
    change_id: 'text',
    changed: 'text',
    data: 'text',
  },
  ['tenant_id', 'sequence'],
);
