import type { Knex } from 'knex';
import type { Migration } from './migration.js';

async function history(sql: Knex): Promise<void> {
  await sql.schema.createTable('change', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('subject_kind').notNullable();
    t.text('subject_id').notNullable();
    t.integer('version').notNullable();
    t.text('at').notNullable();
    t.text('kind').notNullable();
    t.text('attributes').notNullable();
    t.text('cause').notNullable();
    t.primary(['tenant_id', 'id']);
    t.unique(['tenant_id', 'subject_kind', 'subject_id', 'version']);
  });
  await sql.schema.createTable('event', (t) => {
    t.text('tenant_id').notNullable();
    t.integer('sequence').notNullable();
    t.text('id').notNullable();
    t.text('type').notNullable();
    t.text('occurred_at').notNullable();
    t.text('subject_kind').notNullable();
    t.text('subject_id').notNullable();
    t.text('change_id');
    t.text('changed').notNullable();
    t.text('data').notNullable();
    t.primary(['tenant_id', 'sequence']);
  });
  await sql.schema.createTable('finding', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('name').notNullable();
    t.text('subject').notNullable();
    t.text('detail').notNullable();
    t.text('first_at').notNullable();
    t.text('last_at').notNullable();
    t.integer('count').notNullable();
    t.text('closed_at');
    t.primary(['tenant_id', 'id']);
    t.unique(['tenant_id', 'name', 'subject']);
  });
}

async function runs(sql: Knex): Promise<void> {
  await sql.schema.createTable('run', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('directory_id');
    t.text('trigger').notNullable();
    t.text('tier').notNullable();
    t.text('outcome').notNullable();
    t.text('started_at').notNullable();
    t.text('ended_at');
    t.text('report').notNullable();
    t.text('guard_counts').notNullable();
    t.primary(['tenant_id', 'id']);
    t.index(['tenant_id', 'directory_id', 'started_at'], 'run_directory');
  });
  await sql.schema.createTable('lease', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('lane').notNullable();
    t.text('holder');
    t.integer('token').notNullable();
    t.text('expires_at').notNullable();
    t.primary(['tenant_id', 'directory_id', 'lane']);
  });
  await sql.schema.createTable('due', (t) => {
    t.text('tenant_id').notNullable();
    t.text('user_id').notNullable();
    t.text('at').notNullable();
    t.primary(['tenant_id', 'user_id']);
    t.index(['tenant_id', 'at'], 'due_at');
  });
  await sql.schema.createTable('redo', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('directory_id');
    t.text('trigger').notNullable();
    t.text('cause').notNullable();
    t.text('cursor').notNullable();
    t.text('created_at').notNullable();
    t.text('done_at');
    t.primary(['tenant_id', 'id']);
  });
  await sql.schema.createTable('audit', (t) => {
    t.text('tenant_id').notNullable();
    t.integer('no').notNullable();
    t.text('at').notNullable();
    t.text('who').notNullable();
    t.text('action').notNullable();
    t.text('detail').notNullable();
    t.text('hash').notNullable();
    t.primary(['tenant_id', 'no']);
  });
}

/** What happened: changes, events, findings, runs, leases, and what is still to be done. */
export const historyAndRuns: Migration = {
  version: 3,
  name: 'history',
  async up(sql) {
    await history(sql);
    await runs(sql);
  },
};
