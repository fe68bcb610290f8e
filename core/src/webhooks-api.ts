import type { PageRequest } from './api.js';
import type { DeliveryDocument, WebhookDocument } from './events/webhook-documents.js';
import type { Listing } from './model/documents.js';

/** What a new endpoint is made of. */
export interface WebhookRequest {
  /** `https` on 443 or 8443; anything else only on hosts that the operator allows. */
  url: string;
  /** For people. */
  description?: string;
  /** Types of events, or patterns such as `user.*`; null: all. */
  types?: readonly string[] | null;
  /** The form of the bodies; `rollcall` when left out. */
  format?: string;
  /** Who makes it, for the audit log. */
  by: string;
}

/** What is changed; the rest stays. */
export type WebhookChanges = Partial<Pick<WebhookRequest, 'url' | 'description' | 'types'>> & { by: string };

/** An endpoint with its secret, which is shown this one time. */
export interface IssuedWebhook {
  webhook: WebhookDocument;
  secret: string;
}

/** Endpoints that are told of a tenant's events. Every method reads or writes that tenant alone. */
export interface WebhookDoor {
  /**
   * A new endpoint is told of what happens from now on.
   *
   * @throws RC_WEBHOOK_REQUEST (64) for an address, a type or a form that cannot be; RC_WEBHOOK_EXISTS (64)
   */
  create(tenant: string, request: WebhookRequest): Promise<IssuedWebhook>;
  /** In the order of their making; retired ones with `all` only. */
  list(tenant: string, request?: PageRequest & { all?: boolean }): Promise<Listing<WebhookDocument>>;
  /** @throws RC_WEBHOOK_NOT_FOUND (1), as every method that takes an endpoint's id (`whe-`) */
  show(tenant: string, id: string): Promise<WebhookDocument>;
  update(tenant: string, id: string, changes: WebhookChanges): Promise<WebhookDocument>;
  /** Draws a new secret; the one that counted stays good for `overlapSeconds`, an older one ends now. */
  rotateSecret(tenant: string, id: string, options: { overlapSeconds: number; by: string }): Promise<IssuedWebhook>;
  /** It is told of nothing until it is enabled, and goes on then where it stopped. */
  disable(tenant: string, id: string, by: string): Promise<WebhookDocument>;
  /** @param options - `skipFailed`: what failed until now is not tried again. */
  enable(tenant: string, id: string, options: { skipFailed?: boolean; by: string }): Promise<WebhookDocument>;
  /** For good. Its row and its deliveries stay, its secrets do not. */
  remove(tenant: string, id: string, by: string): Promise<WebhookDocument>;
  /** Tries, the latest first; kept for 30 days. */
  deliveries(
    tenant: string,
    request?: PageRequest & { webhook?: string; event?: string; failed?: boolean },
  ): Promise<Listing<DeliveryDocument>>;
  /**
   * One event again, to one endpoint or to all that want it.
   *
   * @param order - `event`: its id or sequence.
   * @throws RC_EVENT_NOT_FOUND (1); RC_WEBHOOK_DISABLED (1) where none is told of it.
   */
  resend(tenant: string, order: { event: string; webhook?: string; by: string }): Promise<{ webhooks: string[] }>;
  /** All events since an instant again, in order. @returns how many of the tenant's come again, wanted or not. */
  recover(
    tenant: string,
    id: string,
    order: { since: string; by: string },
  ): Promise<{ webhook: WebhookDocument; events: number }>;
  /**
   * What tells them: events in order, each endpoint by one process at a time, however many run one over the same
   * database. Nothing happens before `start`.
   *
   * @param options - `slots`: endpoints at the same time, 8 when left out.
   * @throws RC_SECRET_KEY_NEEDED (78)
   */
  worker(options?: { slots?: number }): WebhookWorker;
}

/** Sends events to the endpoints that want them. */
export interface WebhookWorker {
  /** Works until it is stopped. */
  start(): void;
  /** Sends what is due now until nothing is; for hosts that keep the time themselves. */
  drain(): Promise<void>;
  /** Sends nothing more; answers to what was sent are waited for some seconds, and stored. */
  stop(): Promise<void>;
}
