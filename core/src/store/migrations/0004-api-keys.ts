import type { Migration } from './migration.js';

/** Keys of the service. They belong to the installation, not to a tenant: one key may be good for several. */
export const apiKeys: Migration = {
  version: 4,
  name: 'api-keys',
  async up(sql) {
    await sql.schema.createTable('api_key', (t) => {
      t.text('id').notNullable().primary();
      t.text('name').notNullable();
      t.text('tenants');
      t.text('rights').notNullable();
      t.text('created_at').notNullable();
      t.text('created_by').notNullable();
      t.text('expires_at');
      t.text('revoked_at');
      t.text('revoked_by');
      t.text('last_used_at');
    });
    await sql.schema.createTable('api_key_token', (t) => {
      t.text('prefix').notNullable().primary();
      t.text('key_id').notNullable().index('api_key_token_key');
      t.text('hash').notNullable();
      t.text('created_at').notNullable();
      t.text('expires_at');
    });
  },
};
