import { table } from '../store/table.js';

/** Whether an endpoint is told of events; retired ones never again. */
export type WebhookStatus = 'enabled' | 'disabled' | 'retired';

/** Why an endpoint is disabled: a person did it, it answered 410, or one event could not be delivered for days. */
export type DisabledReason = 'person' | 'gone' | 'failing';

export interface WebhookEndpointRow {
  tenant_id: string;
  id: string;
  url: string;
  description: string;
  /** Name of the form of the bodies. */
  format: string;
  /** JSON array of types and patterns such as `user.*`; null: all. */
  types: string | null;
  status: string;
  created_at: string;
  created_by: string;
  disabled_at: string | null;
  disabled_by: string | null;
  disabled_reason: string | null;
  retired_at: string | null;
  /** All events up to this sequence are delivered, pending or not for this endpoint. */
  position: number;
  /** Failures in a row that were the endpoint's, not one event's. */
  faults: number;
  /** Nothing is sent before. */
  resting_until: string | null;
  /** Grows whenever a sender takes the endpoint; whoever has an older one cannot write. */
  lease_token: number;
  leased_until: string | null;
}

export const WEBHOOK_ENDPOINT = table<WebhookEndpointRow>(
  'webhook_endpoint',
  {
    tenant_id: 'text',
    id: 'text',
    url: 'text',
    description: 'text',
    format: 'text',
    types: 'text',
    status: 'text',
    created_at: 'text',
    created_by: 'text',
    disabled_at: 'text',
    disabled_by: 'text',
    disabled_reason: 'text',
    retired_at: 'text',
    position: 'int',
    faults: 'int',
    resting_until: 'text',
    lease_token: 'int',
    leased_until: 'text',
  },
  ['tenant_id', 'id'],
);

export interface WebhookSecretRow {
  tenant_id: string;
  endpoint_id: string;
  version: number;
  /** An envelope of the secret box. */
  sealed: string;
  created_at: string;
  /** Null on the one that counts. */
  expires_at: string | null;
}

export const WEBHOOK_SECRET = table<WebhookSecretRow>(
  'webhook_secret',
  {
    tenant_id: 'text',
    endpoint_id: 'text',
    version: 'int',
    sealed: 'text',
    created_at: 'text',
    expires_at: 'text',
  },
  ['tenant_id', 'endpoint_id', 'version'],
);

/** An event at or before the endpoint's position that is not delivered: it failed, waits behind one that did, or is sent again. */
export interface WebhookPendingRow {
  tenant_id: string;
  endpoint_id: string;
  sequence: number;
  /** Kind and id of the event's subject: what must stay in order. */
  subject: string;
  /** 0: was not tried, or is sent again. */
  attempts: number;
  failing_since: string | null;
  next_at: string;
}

export const WEBHOOK_PENDING = table<WebhookPendingRow>(
  'webhook_pending',
  {
    tenant_id: 'text',
    endpoint_id: 'text',
    sequence: 'int',
    subject: 'text',
    attempts: 'int',
    failing_since: 'text',
    next_at: 'text',
  },
  ['tenant_id', 'endpoint_id', 'sequence'],
);

/** One try to deliver one event to one endpoint. The body is not kept: it is made again from the event. */
export interface WebhookAttemptRow {
  tenant_id: string;
  id: string;
  endpoint_id: string;
  sequence: number;
  event_id: string;
  type: string;
  attempt: number;
  at: string;
  outcome: string;
  status: number | null;
  failure: string | null;
  milliseconds: number;
  /** The beginning of what a failed try was answered, masked. */
  answer: string | null;
}

export const WEBHOOK_ATTEMPT = table<WebhookAttemptRow>(
  'webhook_attempt',
  {
    tenant_id: 'text',
    id: 'text',
    endpoint_id: 'text',
    sequence: 'int',
    event_id: 'text',
    type: 'text',
    attempt: 'int',
    at: 'text',
    outcome: 'text',
    status: 'int',
    failure: 'text',
    milliseconds: 'int',
    answer: 'text',
  },
  ['tenant_id', 'id'],
);
