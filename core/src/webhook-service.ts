import { RollcallError } from '@rollcall/connector-kit';
import type { RenderEvents } from './events/webhook-sender.js';
import { WebhookWorker } from './events/webhook-worker.js';
import { wait } from './scheduling/wait.js';
import type { Dialer, DialerOptions } from './security/dialer.js';
import type { AllowedHosts } from './security/outbound-url.js';
import { SecretBox } from './security/secret-box.js';
import type { WebhookDoor } from './webhooks-api.js';
import { openWebhookDoor, type WebhookParts } from './webhooks-door.js';

/** What the host of webhooks decides. */
export interface WebhookOptions {
  /** Forms of bodies beside `rollcall`, by name. */
  formats?: Readonly<Record<string, RenderEvents>>;
  /** Hosts, or hosts with a port, where `http`, any port and private addresses are right: services of one's own. */
  allowedHosts?: AllowedHosts;
  /** How receivers are connected to; the usual way when left out. */
  dialer?: Omit<DialerOptions, 'allowedHosts'>;
  /** From 0 to 1, for the jitter of retries. Default: `Math.random`. */
  random?: () => number;
}

/** The native form: events as `/v1/events` shows them. */
const renderNative: RenderEvents = (_tenant, events) => Promise.resolve(events.map((event) => JSON.stringify(event)));

/** Opens the door of webhooks. `close` ends the connections to receivers. */
export function openWebhooks(
  { secretKey, webhooks = {} }: { secretKey?: Buffer; webhooks?: WebhookOptions },
  parts: Pick<WebhookParts, 'store' | 'clock' | 'ids' | 'log' | 'prepare'>,
): WebhookDoor & { close(): Promise<void> } {
  const formats = new Map([['rollcall', renderNative], ...Object.entries(webhooks.formats ?? {})]);
  const allowedHosts = webhooks.allowedHosts ?? [];
  const connection = new LateDialer({ ...webhooks.dialer, allowedHosts });
  let opened: SecretBox | null = null;
  const box = (): SecretBox => (opened ??= boxOf(secretKey));
  const { prepare, ...common } = parts;
  return {
    ...openWebhookDoor({ ...parts, box, formats: [...formats.keys()], allowedHosts }),
    worker: ({ slots = 8 } = {}) => {
      const random = webhooks.random ?? Math.random;
      return new WebhookWorker(
        { ...common, box: box(), formats, dialer: connection, random },
        { slots, wait, prepare },
      );
    },
    close: () => connection.close(),
  };
}

/** A host that tells nobody should not wait for an HTTP client to be loaded. */
class LateDialer {
  readonly #options: DialerOptions;
  #dialer: Promise<Dialer> | null = null;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  async post(...request: Parameters<Dialer['post']>): ReturnType<Dialer['post']> {
    this.#dialer ??= import('./security/dialer.js').then(({ Dialer: Made }) => new Made(this.#options));
    return (await this.#dialer).post(...request);
  }

  async close(): Promise<void> {
    await (await this.#dialer)?.close();
  }
}

function boxOf(secretKey: Buffer | undefined): SecretBox {
  if (secretKey !== undefined) return new SecretBox(secretKey);
  throw new RollcallError('RC_SECRET_KEY_NEEDED', 78, 'stop', {
    what: 'Without the key of the project there are no webhooks: their secrets are kept sealed.',
    mend: 'Hand the key in as "secretKey" where Rollcall is opened.',
  });
}
