import type { Clock, Logger } from '@rollcall/connector-kit';
import type { EventDocument } from '../model/documents.js';
import type { Dialer } from '../security/dialer.js';
import type { Secret } from '../security/redact.js';
import type { SecretBox } from '../security/secret-box.js';
import { storedInstant } from '../model/instants.js';
import type { Store } from '../store/store.js';
import { lockTenant } from '../tenancy/lock-tenant.js';
import type { IdSource } from '../tokens.js';
import { eventDocument } from './event-document.js';
import { BatchRun, isDelivered } from './webhook-batch.js';
import { disableEndpoint } from './webhook-endpoints.js';
import {
  LEASE_MS,
  loadBatch,
  nextDue,
  settleBatch,
  type Batch,
  type BatchItem,
  type Settlement,
} from './webhook-queue.js';
import { openSecrets, selectSecrets } from './webhook-secrets.js';
import { signatureHeaders } from './webhook-signatures.js';
import type { DisabledReason, WebhookEndpointRow } from './webhook-tables.js';

/**
 * Makes the bodies of events in one form: the exact text of each, always the same for the same event, or undefined where
 * the form has no such event.
 */
export type RenderEvents = (
  tenant: string,
  events: readonly EventDocument[],
) => Promise<readonly (string | undefined)[]>;

/** What a sender works with. */
export interface SenderParts {
  store: Store;
  clock: Clock;
  ids: IdSource;
  log: Logger;
  box: SecretBox;
  dialer: Pick<Dialer, 'post'>;
  /** By name. */
  formats: ReadonlyMap<string, RenderEvents>;
  /** From 0 to 1, for the jitter of retries. */
  random: () => number;
}

/** How a sender is stopped. */
export interface StopSignals {
  /** Nothing more is sent. */
  soon: AbortSignal;
  /** Nor is the answer to what was sent waited for. */
  now: AbortSignal;
}

/** Events between two writes: so many may come twice after a crash. */
const BATCH = 50;
/** Batches of one endpoint before others get their turn. */
const ROUNDS = 4;
/** After so long a batch ends and a sign of life is given; a request that takes its longest still ends before the lease. */
const BATCH_MS = LEASE_MS / 3;

/** Sends to one endpoint that was taken, one request at a time, in the order of events. */
export class WebhookSender {
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Sends what is due until nothing is, the turn is over, the lease is lost or it is asked to stop. */
  async serve(taken: WebhookEndpointRow, stop: StopSignals): Promise<void> {
    let endpoint: WebhookEndpointRow | null = taken;
    for (let round = 1; endpoint !== null; round++) endpoint = await this.#round(endpoint, round < ROUNDS, stop);
  }

  /** @returns the endpoint while there may be more to send to it. */
  async #round(endpoint: WebhookEndpointRow, mayGoOn: boolean, stop: StopSignals): Promise<WebhookEndpointRow | null> {
    const { store, clock, ids, random } = this.#parts;
    const batch = await store.read((sql) => loadBatch(sql, endpoint, clock.now(), BATCH));
    const run = new BatchRun(endpoint, batch, { newId: (prefix) => ids.next(prefix), random });
    await this.#send(endpoint, { batch, run, stop });
    const settlement = run.settlement(mayGoOn && batch.items.length === BATCH && !stop.soon.aborted);
    // With as much failing as may fail, nothing is due before the first of it is.
    if (batch.items.length === 0 && batch.position === endpoint.position)
      settlement.restingUntil ??= await store.read((sql) => nextDue(sql, endpoint, clock.now()));
    const row = await this.#settle(endpoint, settlement, run.disabled);
    return settlement.goesOn && row?.status === 'enabled' ? row : null;
  }

  async #settle(
    endpoint: WebhookEndpointRow,
    settlement: Settlement,
    reason: DisabledReason | null,
  ): Promise<WebhookEndpointRow | null> {
    const { store, clock, ids } = this.#parts;
    const now = clock.now();
    // A termination must not wait in line with a snapshot.
    const stored = await store.write('fast', async (sql) => {
      const row = await settleBatch(sql, endpoint, settlement, now);
      if (row?.status !== 'enabled' || reason === null) return row;
      await lockTenant(sql, endpoint.tenant_id);
      const turn = { now: storedInstant(now), by: null, newId: (prefix: string) => ids.next(prefix) };
      return disableEndpoint(sql, row, reason, turn);
    });
    if (stored?.status === 'disabled') this.#say('A webhook endpoint is disabled.', endpoint, { reason });
    return stored;
  }

  async #send(
    endpoint: WebhookEndpointRow,
    { batch, run, stop }: { batch: Batch; run: BatchRun; stop: StopSignals },
  ): Promise<void> {
    const [first] = batch.items;
    if (first === undefined) return;
    const began = this.#parts.clock.now();
    const ready = await this.#prepare(endpoint, batch);
    if (ready === null) {
      run.cutBefore(first);
      run.rest(began, null);
      return;
    }
    for (const [n, item] of batch.items.entries()) {
      const now = this.#parts.clock.now();
      if (stop.soon.aborted || now.getTime() - began.getTime() >= BATCH_MS) {
        run.cutBefore(item);
        return;
      }
      if (!run.isFree(item, now)) continue;
      const body = ready.bodies[n];
      if (body === undefined) run.done(item);
      else if (!(await this.#try(endpoint, { item, body, run, stop, secrets: ready.secrets, now }))) return;
    }
  }

  /** Bodies and secrets; null where they cannot be had: no event is to blame for that. */
  async #prepare(
    endpoint: WebhookEndpointRow,
    batch: Batch,
  ): Promise<{ bodies: readonly (string | undefined)[]; secrets: readonly Secret[] } | null> {
    const { formats, store, box, clock } = this.#parts;
    const place = { tenantId: endpoint.tenant_id, endpointId: endpoint.id };
    try {
      const secrets = openSecrets(
        await store.read((sql) => selectSecrets(sql, place)),
        box,
        storedInstant(clock.now()),
      );
      const documents = batch.items.map(({ event }) => eventDocument(event));
      const bodies = await formats.get(endpoint.format)?.(endpoint.tenant_id, documents);
      if (bodies?.length === documents.length && secrets.length > 0) return { bodies, secrets };
      throw new Error('There is not one body for each event, or no secret.');
    } catch (error) {
      this.#say('Events could not be made ready for a webhook.', endpoint, { code: codeOf(error) });
      return null;
    }
  }

  /** @returns false where nothing more is to be sent now. */
  async #try(
    endpoint: WebhookEndpointRow,
    work: { item: BatchItem; body: string; run: BatchRun; stop: StopSignals; secrets: readonly Secret[]; now: Date },
  ): Promise<boolean> {
    const { item, body, run, now } = work;
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Rollcall',
      ...signatureHeaders({ id: item.event.id, body, at: now }, work.secrets),
    };
    const began = performance.now();
    const dialed = await this.#parts.dialer.post(endpoint.url, { headers, body }, work.stop.now);
    if (dialed.failure === 'stopped') {
      run.cutBefore(item);
      return false;
    }
    if (!isDelivered(dialed))
      this.#say('A webhook was not delivered.', endpoint, {
        event: item.event.id,
        status: dialed.answer?.status ?? null,
        failure: dialed.failure,
      });
    return run.tried(item, { at: now, body, dialed, milliseconds: performance.now() - began });
  }

  /** Never with an address: it may carry a secret of the receiver's. */
  #say(message: string, endpoint: WebhookEndpointRow, fields: Readonly<Record<string, string | number | null>>): void {
    this.#parts.log.warn(message, { tenant: endpoint.tenant_id, webhook: endpoint.id, ...fields });
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'RC_UNEXPECTED';
}
