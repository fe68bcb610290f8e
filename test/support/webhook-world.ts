import type { LogFields } from '@rollcall/connector-kit';
import type { EventDocument, IssuedWebhook, Rollcall, RollcallOptions, WebhookRequest } from '@rollcall/core';
import { appendEvents, takeSequences } from '#core/events/append-events.js';
import { Store } from '#core/store/store.js';
import { rawRows } from '#core/store/table.js';
import { FIRST_DAY, TestProject } from './project.js';
import { Receiver } from './receiver.js';
import type { StoreKind } from './stores.js';

/** The key of the tests' projects. */
export const SECRET_KEY = Buffer.alloc(32, 7);
const TENANT_FILE = 'tenants/acme.yaml';

/** An applied project, a receiver, a clock that goes by hand, and Rollcall over them. */
export class WebhookWorld implements AsyncDisposable {
  now = new Date(FIRST_DAY);
  readonly log: { message: string; fields: LogFields | undefined }[] = [];
  readonly #opened: Rollcall[] = [];
  #store: Store | null = null;

  private constructor(
    readonly project: TestProject,
    readonly receiver: Receiver,
  ) {}

  static async create(kind: StoreKind, { tenants = ['acme'] }: { tenants?: string[] } = {}): Promise<WebhookWorld> {
    const project = await TestProject.create(kind);
    const text = await project.read(TENANT_FILE);
    for (const name of tenants)
      await project.write(`tenants/${name}.yaml`, text.replace('tenant: acme', `tenant: ${name}`));
    await project.apply(FIRST_DAY);
    return new WebhookWorld(project, await Receiver.open());
  }

  /** Another process on the same store. */
  async open(webhooks: RollcallOptions['webhooks'] = {}): Promise<Rollcall> {
    const say = (message: string, fields?: LogFields): void => void this.log.push({ message, fields });
    const rollcall = await this.project.openWith(
      { now: () => this.now },
      {
        secretKey: SECRET_KEY,
        log: { debug: say, info: say, warn: say, error: say },
        webhooks: { allowedHosts: ['127.0.0.1'], random: () => 0.5, ...webhooks },
      },
    );
    this.#opened.push(rollcall);
    return rollcall;
  }

  get store(): Store {
    return (this.#store ??= new Store(this.project.store.configuration));
  }

  rows<Row>(text: string, bindings: readonly unknown[] = []): Promise<Row[]> {
    return this.store.read((sql) => rawRows<Row>(sql, text, bindings));
  }

  /** What happens meanwhile: an event for each subject, in this order. */
  async happen(subjects: readonly string[], { type = 'user.updated', tenant = 'acme' } = {}): Promise<string[]> {
    return this.store.write('push', async (sql) => {
      const first = await takeSequences(sql, tenant, subjects.length);
      const rows = subjects.map((subject, n) => ({
        tenant_id: tenant,
        sequence: first + n,
        id: `evt-${tenant}-${String(first + n).padStart(6, '0')}`,
        type,
        occurred_at: this.now.toISOString(),
        subject_kind: 'user',
        subject_id: subject,
        change_id: null,
        changed: '["department"]',
        data: JSON.stringify({ id: subject, name: 'Ada Lovelace ☃', emails: ['ada@acme.example'] }),
      }));
      await appendEvents(sql, rows);
      return rows.map(({ id }) => id);
    });
  }

  pass(milliseconds: number): void {
    this.now = new Date(this.now.getTime() + milliseconds);
  }

  /** An endpoint at the receiver. */
  endpoint(rollcall: Rollcall, more: Partial<WebhookRequest> = {}, tenant = 'acme'): Promise<IssuedWebhook> {
    return rollcall.webhooks.create(tenant, { url: this.receiver.url(), by: 'kim', ...more });
  }

  async events(rollcall: Rollcall, type?: string): Promise<EventDocument[]> {
    const door = await rollcall.reading('acme');
    return [...(await door.events({ limit: 10_000, ...(type === undefined ? {} : { type }) })).items];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const rollcall of this.#opened) await rollcall.close();
    await this.#store?.close();
    await this.receiver[Symbol.asyncDispose]();
    await this.project.remove();
  }
}
