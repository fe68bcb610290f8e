import type { Migration } from './migration.js';

/** What the fast lane keeps: its place in each stream of changes, and the objects that are to be read one by one. */
export const fastLane: Migration = {
  version: 10,
  name: 'fast-lane',
  async up(sql) {
    await sql.schema.createTable('cursor', (t) => {
      t.text('tenant_id').notNullable();
      t.text('directory_id').notNullable();
      t.text('lane').notNullable();
      t.text('kind').notNullable();
      t.text('cursor').notNullable();
      t.text('stored_at').notNullable();
      t.primary(['tenant_id', 'directory_id', 'lane', 'kind']);
    });
    await sql.schema.createTable('wanted_read', (t) => {
      t.text('tenant_id').notNullable();
      t.text('directory_id').notNullable();
      t.text('kind').notNullable();
      t.text('source_id').notNullable();
      t.integer('asked').notNullable();
      t.integer('tries').notNullable();
      t.text('reason').notNullable();
      t.text('asked_at').notNullable();
      t.primary(['tenant_id', 'directory_id', 'kind', 'source_id']);
    });
    await sql.schema.createTable('drift_candidate', (t) => {
      t.text('tenant_id').notNullable();
      t.text('directory_id').notNullable();
      t.text('kind').notNullable();
      t.text('source_id').notNullable();
      t.text('what').notNullable();
      t.text('run_id').notNullable();
      t.integer('begin').notNullable();
      t.primary(['tenant_id', 'directory_id', 'kind', 'source_id']);
    });
  },
};
