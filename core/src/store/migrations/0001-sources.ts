import type { Knex } from 'knex';
import type { Migration } from './migration.js';

async function tenancy(sql: Knex): Promise<void> {
  await sql.schema.createTable('tenant', (t) => {
    t.text('id').primary();
    t.text('name').notNullable();
    t.text('time_zone').notNullable();
    t.text('custom').notNullable();
    t.integer('event_sequence').notNullable();
    t.text('last_instant');
    t.integer('rules_version').notNullable();
    t.text('configuration_hash').notNullable();
    t.text('created_at').notNullable();
  });
  await sql.schema.createTable('directory', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('name').notNullable();
    t.integer('position').notNullable();
    t.text('connector').notNullable();
    t.text('mode').notNullable();
    t.text('settings').notNullable();
    t.text('privileged_groups').notNullable();
    t.text('mapping_user');
    t.text('mapping_group');
    t.integer('paused').notNullable();
    t.integer('begin').notNullable();
    t.integer('record_count').notNullable();
    t.text('first_complete_at');
    t.text('created_at').notNullable();
    t.primary(['tenant_id', 'id']);
    t.unique(['tenant_id', 'name']);
  });
}

async function rules(sql: Knex): Promise<void> {
  await sql.schema.createTable('rules_version', (t) => {
    t.text('tenant_id').notNullable();
    t.integer('version').notNullable();
    t.text('text').notNullable();
    t.text('rules').notNullable();
    t.text('file').notNullable();
    t.text('created_at').notNullable();
    t.primary(['tenant_id', 'version']);
  });
  await sql.schema.createTable('mapping_version', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('kind').notNullable();
    t.text('version').notNullable();
    t.text('name').notNullable();
    t.text('file').notNullable();
    t.text('text').notNullable();
    t.text('created_at').notNullable();
    t.primary(['tenant_id', 'directory_id', 'kind', 'version']);
  });
}

async function records(sql: Knex): Promise<void> {
  await sql.schema.createTable('source_record', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('directory_id').notNullable();
    t.text('kind').notNullable();
    t.text('source_id').notNullable();
    t.integer('no').notNullable();
    t.text('hash').notNullable();
    t.integer('begin').notNullable();
    t.integer('payload_no').notNullable();
    t.integer('gone_begin');
    t.text('gone_reason');
    t.text('gone_at');
    t.text('dirty');
    t.integer('drawn_gone').notNullable();
    t.text('first_seen_at').notNullable();
    t.primary(['tenant_id', 'id']);
    t.unique(['tenant_id', 'directory_id', 'kind', 'source_id']);
    t.unique(['tenant_id', 'directory_id', 'no']);
  });
  await sql.raw(
    'CREATE INDEX source_record_dirty ON source_record (tenant_id, directory_id, no) WHERE dirty IS NOT NULL',
  );
  await sql.schema.createTable('payload', (t) => {
    t.text('tenant_id').notNullable();
    t.text('record_id').notNullable();
    t.integer('no').notNullable();
    t.text('raw').notNullable();
    t.integer('begin').notNullable();
    t.text('run_id').notNullable();
    t.text('trigger').notNullable();
    t.text('tier').notNullable();
    t.text('observed_at').notNullable();
    t.text('file');
    t.integer('line');
    t.primary(['tenant_id', 'record_id', 'no']);
  });
  await sql.schema.createTable('claims', (t) => {
    t.text('tenant_id').notNullable();
    t.text('record_id').notNullable();
    t.text('claims').notNullable();
    t.text('mapping_version').notNullable();
    t.integer('payload_no').notNullable();
    t.primary(['tenant_id', 'record_id']);
  });
  await sql.schema.createTable('edge', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('group_source_id').notNullable();
    t.text('member_kind').notNullable();
    t.text('member_source_id').notNullable();
    t.integer('begin').notNullable();
    t.integer('gone_begin');
    t.text('scope').notNullable();
    t.primary(['tenant_id', 'directory_id', 'group_source_id', 'member_kind', 'member_source_id']);
    t.index(['tenant_id', 'directory_id', 'member_kind', 'member_source_id'], 'edge_member');
  });
}

async function reads(sql: Knex): Promise<void> {
  await sql.schema.createTable('watermark', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('kind').notNullable();
    t.text('scope').notNullable();
    t.integer('watermark').notNullable();
    t.integer('seal').notNullable();
    t.integer('count').notNullable();
    t.text('scope_key');
    t.text('read_at').notNullable();
    t.primary(['tenant_id', 'directory_id', 'kind', 'scope']);
  });
  await sql.schema.createTable('accepted', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('kind').notNullable();
    t.text('state').notNullable();
    t.text('columns');
    t.text('vanished').notNullable();
    t.text('read_at').notNullable();
    t.primary(['tenant_id', 'directory_id', 'kind']);
  });
  await sql.schema.createTable('quarantine', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('kind').notNullable();
    t.text('place').notNullable();
    t.text('attribute').notNullable();
    t.text('source_id');
    t.text('file');
    t.integer('line');
    t.text('code').notNullable();
    t.text('message').notNullable();
    t.text('mend').notNullable();
    t.text('mapping').notNullable();
    t.text('first_seen_at').notNullable();
    t.integer('tries').notNullable();
    t.integer('last_good_kept').notNullable();
    t.primary(['tenant_id', 'directory_id', 'kind', 'place', 'attribute']);
  });
  await sql.schema.createTable('field_stat', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('kind').notNullable();
    t.text('field').notNullable();
    t.integer('present').notNullable();
    t.integer('total').notNullable();
    t.text('types').notNullable();
    t.text('samples').notNullable();
    t.text('read_at').notNullable();
    t.primary(['tenant_id', 'directory_id', 'kind', 'field']);
  });
}

/** What comes in: tenants, directories, rules, mappings, evidence. */
export const sources: Migration = {
  version: 1,
  name: 'sources',
  async up(sql) {
    await tenancy(sql);
    await rules(sql);
    await records(sql);
    await reads(sql);
  },
};
