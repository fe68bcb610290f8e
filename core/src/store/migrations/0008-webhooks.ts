import type { Knex } from 'knex';
import type { Migration } from './migration.js';

async function endpoints(sql: Knex): Promise<void> {
  await sql.schema.createTable('webhook_endpoint', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('url').notNullable();
    t.text('description').notNullable();
    t.text('format').notNullable();
    t.text('types');
    t.text('status').notNullable();
    t.text('created_at').notNullable();
    t.text('created_by').notNullable();
    t.text('disabled_at');
    t.text('disabled_by');
    t.text('disabled_reason');
    t.text('retired_at');
    t.integer('position').notNullable();
    t.integer('faults').notNullable();
    t.text('resting_until');
    t.integer('lease_token').notNullable();
    t.text('leased_until');
    t.primary(['tenant_id', 'id']);
  });
  await sql.schema.createTable('webhook_secret', (t) => {
    t.text('tenant_id').notNullable();
    t.text('endpoint_id').notNullable();
    t.integer('version').notNullable();
    t.text('sealed').notNullable();
    t.text('created_at').notNullable();
    t.text('expires_at');
    t.primary(['tenant_id', 'endpoint_id', 'version']);
  });
}

async function deliveries(sql: Knex): Promise<void> {
  await sql.schema.createTable('webhook_pending', (t) => {
    t.text('tenant_id').notNullable();
    t.text('endpoint_id').notNullable();
    t.integer('sequence').notNullable();
    t.text('subject').notNullable();
    t.integer('attempts').notNullable();
    t.text('failing_since');
    t.text('next_at').notNullable();
    t.primary(['tenant_id', 'endpoint_id', 'sequence']);
    t.index(['tenant_id', 'endpoint_id', 'subject', 'sequence'], 'webhook_pending_subject');
  });
  await sql.schema.createTable('webhook_attempt', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('endpoint_id').notNullable();
    t.integer('sequence').notNullable();
    t.text('event_id').notNullable();
    t.text('type').notNullable();
    t.integer('attempt').notNullable();
    t.text('at').notNullable();
    t.text('outcome').notNullable();
    t.integer('status');
    t.text('failure');
    t.integer('milliseconds').notNullable();
    t.text('answer');
    t.primary(['tenant_id', 'id']);
    t.index(['tenant_id', 'endpoint_id', 'id'], 'webhook_attempt_endpoint');
    t.index(['tenant_id', 'event_id'], 'webhook_attempt_event');
    t.index(['tenant_id', 'at'], 'webhook_attempt_age');
  });
}

/** Who is told of events over HTTP, how far each has got, what could not be delivered yet, and what was tried. */
export const webhooks: Migration = {
  version: 8,
  name: 'webhooks',
  async up(sql) {
    await endpoints(sql);
    await deliveries(sql);
  },
};
