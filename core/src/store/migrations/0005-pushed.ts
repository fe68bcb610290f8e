import type { Knex } from 'knex';
import { isSqlite } from '../table.js';
import type { Migration } from './migration.js';

async function resources(sql: Knex): Promise<void> {
  await sql.schema.createTable('pushed_resource', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('kind').notNullable();
    t.text('source_id').notNullable();
    t.text('record_id').notNullable();
    t.integer('position').notNullable();
    t.integer('version').notNullable();
    t.text('created_at').notNullable();
    t.text('modified_at').notNullable();
    t.text('cause').notNullable();
    t.text('gone_at');
    t.text('former_id');
    t.text('follower_id');
    t.primary(['tenant_id', 'directory_id', 'kind', 'source_id']);
  });
  await sql.raw(
    'CREATE UNIQUE INDEX pushed_resource_visible ON pushed_resource (tenant_id, directory_id, kind, position) WHERE gone_at IS NULL',
  );
  await sql.schema.createTable('pushed_key', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('kind').notNullable();
    t.text('attribute').notNullable();
    t.text('form').notNullable();
    t.text('source_id').notNullable();
    t.primary(['tenant_id', 'directory_id', 'kind', 'attribute', 'form', 'source_id']);
    t.index(['tenant_id', 'directory_id', 'kind', 'source_id'], 'pushed_key_resource');
  });
  // Members are read in the order of their ids, page by page, whatever the language of the database.
  const order = isSqlite(sql) ? '' : ' COLLATE "C"';
  await sql.raw(
    `CREATE INDEX edge_pushed ON edge (tenant_id, directory_id, group_source_id, member_source_id${order}) WHERE gone_begin IS NULL AND scope = 'push'`,
  );
}

async function tokens(sql: Knex): Promise<void> {
  await sql.schema.createTable('directory_token', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('id').notNullable();
    t.text('hash').notNullable();
    t.text('prefix').notNullable().unique();
    t.text('label').notNullable();
    t.text('created_at').notNullable();
    t.text('created_by').notNullable();
    t.text('expires_at');
    t.text('revoked_at');
    t.text('last_used_at');
    t.primary(['tenant_id', 'directory_id', 'id']);
  });
}

/** What sources write themselves: their resources as they see them, and the tokens by which they come in. */
export const pushed: Migration = {
  version: 5,
  name: 'pushed',
  async up(sql) {
    await resources(sql);
    await tokens(sql);
    await sql.schema.alterTable('directory', (t) => {
      t.text('last_push_at');
    });
  },
};
