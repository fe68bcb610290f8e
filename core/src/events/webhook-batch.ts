import { storedInstant } from '../model/instants.js';
import type { Dialed } from '../security/dialer.js';
import { maskedAnswer } from './webhook-answer.js';
import { subjectOf, type Batch, type BatchItem, type Settlement } from './webhook-queue.js';
import { AWAY_AFTER, PATIENCE_MS, restMs, retryAfterMs, retryMs } from './webhook-retries.js';
import type { DisabledReason, WebhookAttemptRow, WebhookEndpointRow, WebhookPendingRow } from './webhook-tables.js';

/** One try, as it went. */
export interface Try {
  /** When it was sent. */
  at: Date;
  body: string;
  dialed: Dialed;
  milliseconds: number;
}

/** What a batch needs that does not come from the store. */
export interface BatchParts {
  newId: (prefix: string) => string;
  /** From 0 to 1. */
  random: () => number;
}

/** Statuses that speak of the endpoint, not of the event. */
const FAULTS: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const GONE = 410;

/**
 * The bookkeeping of one batch: what may be sent, and what becomes of what was. Knows neither the store nor the network,
 * so that its promise, order per subject, can be proved by itself.
 */
export class BatchRun {
  readonly #endpoint: WebhookEndpointRow;
  readonly #batch: Batch;
  readonly #parts: BatchParts;
  readonly #blocked: Set<string>;
  readonly #done: WebhookPendingRow[] = [];
  readonly #pending: WebhookPendingRow[] = [];
  readonly #attempts: WebhookAttemptRow[] = [];
  #position: number;
  #faults: number;
  #restingUntil: string | null = null;
  #isBack = false;
  #disabled: DisabledReason | null = null;

  constructor(endpoint: WebhookEndpointRow, batch: Batch, parts: BatchParts) {
    this.#endpoint = endpoint;
    this.#batch = batch;
    this.#parts = parts;
    this.#blocked = new Set(batch.blocked);
    this.#position = batch.position;
    this.#faults = endpoint.faults;
  }

  /** Why the endpoint must not be told of anything more; null: it may. */
  get disabled(): DisabledReason | null {
    return this.#disabled;
  }

  /** False: an earlier event of the same subject is not delivered; this one waits behind it. */
  isFree({ event, pending }: BatchItem, now: Date): boolean {
    if (!this.#blocked.has(subjectOf(event))) return true;
    if (pending === null) this.#pending.push(this.#pendingRow(event, storedInstant(now)));
    return false;
  }

  /** There is nothing to send of this event, or it was sent. */
  done({ pending }: BatchItem): void {
    if (pending !== null) this.#done.push(pending);
  }

  /** Stops before an item: it and what comes after it is looked at again. */
  cutBefore(item: BatchItem): void {
    const rest = this.#batch.items.slice(this.#batch.items.indexOf(item));
    const fresh = rest.find(({ pending }) => pending === null);
    if (fresh !== undefined) this.#position = fresh.event.sequence - 1;
  }

  /** @returns false where the endpoint is to be left alone: nothing more is sent now. */
  tried(item: BatchItem, attempt: Try): boolean {
    this.#attempts.push(this.#attemptRow(item, attempt));
    if (isDelivered(attempt.dialed)) {
      this.#isBack ||= this.#faults >= AWAY_AFTER;
      this.#faults = 0;
      this.done(item);
      return true;
    }
    return this.#failed(item, attempt);
  }

  #failed(item: BatchItem, attempt: Try): boolean {
    const { event } = item;
    const before = item.pending ?? this.#pendingRow(event, storedInstant(attempt.at));
    const attempts = before.attempts + 1;
    const since = before.failing_since ?? storedInstant(attempt.at);
    const next = new Date(attempt.at.getTime() + retryMs(attempts, this.#parts.random()));
    this.#pending.push({ ...before, attempts, failing_since: since, next_at: storedInstant(next) });
    this.#blocked.add(subjectOf(event));
    this.#faults += 1;
    this.#judge(attempt, since);
    const goesOn = this.#disabled === null && this.#restingUntil === null;
    const following = this.#batch.items[this.#batch.items.indexOf(item) + 1];
    if (!goesOn && following !== undefined) this.cutBefore(following);
    return goesOn;
  }

  /** What a failure says of the endpoint. */
  #judge({ at, dialed }: Try, since: string): void {
    if (dialed.answer?.status === GONE) this.#disabled = 'gone';
    else if (at.getTime() - Date.parse(since) >= PATIENCE_MS) this.#disabled = 'failing';
    else if (isFault(dialed)) this.rest(at, dialed.answer?.retryAfter ?? null);
  }

  /** Nothing is sent for a while. */
  rest(now: Date, retryAfter: string | null): void {
    const ms = restMs(this.#faults, this.#parts.random(), retryAfterMs(retryAfter, now));
    this.#restingUntil = storedInstant(new Date(now.getTime() + ms));
  }

  /** What is to be stored; `mayGoOn`: there may be more at once. */
  settlement(mayGoOn: boolean): Settlement {
    return {
      from: this.#endpoint.position,
      position: this.#position,
      done: this.#done,
      pending: this.#pending,
      attempts: this.#attempts,
      faults: this.#faults,
      restingUntil: this.#restingUntil,
      isBack: this.#isBack,
      goesOn: mayGoOn && this.#restingUntil === null && this.#disabled === null,
    };
  }

  #pendingRow(event: BatchItem['event'], nextAt: string): WebhookPendingRow {
    return {
      tenant_id: event.tenant_id,
      endpoint_id: this.#endpoint.id,
      sequence: event.sequence,
      subject: subjectOf(event),
      attempts: 0,
      failing_since: null,
      next_at: nextAt,
    };
  }

  #attemptRow({ event, pending }: BatchItem, { at, body, dialed, milliseconds }: Try): WebhookAttemptRow {
    const isGood = isDelivered(dialed);
    return {
      tenant_id: event.tenant_id,
      id: this.#parts.newId('dlv'),
      endpoint_id: this.#endpoint.id,
      sequence: event.sequence,
      event_id: event.id,
      type: event.type,
      attempt: (pending?.attempts ?? 0) + 1,
      at: storedInstant(at),
      outcome: isGood ? 'delivered' : 'failed',
      status: dialed.answer?.status ?? null,
      failure: dialed.failure,
      milliseconds: Math.round(milliseconds),
      answer: isGood || dialed.answer === null ? null : maskedAnswer(dialed.answer.body, body),
    };
  }
}

/** Nothing but a status of success is one; a redirect is none. */
export function isDelivered({ answer }: Dialed): boolean {
  return answer !== null && answer.status >= 200 && answer.status < 300;
}

function isFault({ answer }: Dialed): boolean {
  return answer === null || FAULTS.has(answer.status) || answer.retryAfter !== null;
}
