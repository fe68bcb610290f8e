import type { Migration } from './migration.js';

/** What keeps itself current: when each tier of a directory is due, and how it went. */
export const schedules: Migration = {
  version: 6,
  name: 'schedules',
  async up(sql) {
    await sql.schema.alterTable('directory', (t) => {
      t.text('schedule').notNullable().defaultTo('{}');
    });
    await sql.schema.createTable('tier_state', (t) => {
      t.text('tenant_id').notNullable();
      t.text('directory_id').notNullable();
      t.text('tier').notNullable();
      t.text('schedule').notNullable();
      t.text('since').notNullable();
      t.text('next_at');
      t.text('claimed_until');
      t.integer('failures').notNullable();
      t.text('last_started_at');
      t.text('last_ended_at');
      t.text('last_outcome');
      t.text('last_code');
      t.text('fresh_at');
      t.text('stale_since');
      t.primary(['tenant_id', 'directory_id', 'tier']);
      t.index(['tenant_id', 'next_at'], 'tier_state_next');
    });
  },
};
