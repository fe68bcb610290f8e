import type { Migration } from './migration.js';

/** What sources tell us of, and what asking them costs. */
export const notifications: Migration = {
  version: 11,
  name: 'notifications',
  async up(sql) {
    await sql.schema.createTable('notification', (t) => {
      t.text('tenant_id').notNullable();
      t.text('directory_id').notNullable();
      t.text('receipt').notNullable();
      t.text('received_at').notNullable();
      t.primary(['tenant_id', 'directory_id', 'receipt']);
      t.index(['tenant_id', 'directory_id', 'received_at'], 'notification_age');
    });
    // A directory's address names no tenant.
    await sql.raw('CREATE INDEX directory_address ON directory (id)');
    await sql.schema.createTable('request_budget', (t) => {
      t.text('tenant_id').notNullable();
      t.text('directory_id').notNullable();
      t.text('day').notNullable();
      t.text('tier').notNullable();
      t.integer('requests').notNullable();
      t.primary(['tenant_id', 'directory_id', 'day', 'tier']);
    });
    await sql.schema.alterTable('tier_state', (t) => {
      t.integer('missed').notNullable().defaultTo(0);
    });
  },
};
