import type { Knex } from 'knex';
import type { Migration } from './migration.js';

async function correlation(sql: Knex): Promise<void> {
  await sql.schema.createTable('match_key', (t) => {
    t.text('tenant_id').notNullable();
    t.text('rule').notNullable();
    t.text('key').notNullable();
    t.text('record_id').notNullable();
    t.text('directory_id').notNullable();
    t.primary(['tenant_id', 'rule', 'record_id']);
    t.index(['tenant_id', 'rule', 'key'], 'match_key_lookup');
  });
  await sql.schema.createTable('link', (t) => {
    t.text('tenant_id').notNullable();
    t.text('record_id').notNullable();
    t.text('user_id').notNullable();
    t.text('how').notNullable();
    t.text('rule');
    t.text('linked_at').notNullable();
    t.primary(['tenant_id', 'record_id']);
    t.index(['tenant_id', 'user_id'], 'link_user');
  });
  await sql.schema.createTable('link_change', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('record_id').notNullable();
    t.text('from_user_id');
    t.text('to_user_id');
    t.text('how').notNullable();
    t.text('rule');
    t.text('run_id').notNullable();
    t.text('at').notNullable();
    t.primary(['tenant_id', 'id']);
    t.index(['tenant_id', 'record_id'], 'link_change_record');
    t.index(['tenant_id', 'to_user_id'], 'link_change_user');
  });
  await sql.schema.createTable('decision', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('kind').notNullable();
    t.text('record_a').notNullable();
    t.text('record_b').notNullable();
    t.text('decided_by').notNullable();
    t.text('reason').notNullable();
    t.text('at').notNullable();
    t.primary(['tenant_id', 'id']);
    t.index(['tenant_id', 'record_a'], 'decision_a');
    t.index(['tenant_id', 'record_b'], 'decision_b');
  });
}

async function people(sql: Knex): Promise<void> {
  await sql.schema.createTable('user', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('attributes').notNullable();
    t.text('provenance').notNullable();
    t.text('unknown').notNullable();
    t.integer('active').notNullable();
    t.text('reason');
    t.text('detail');
    t.text('inactive_at');
    t.text('effective_at');
    t.text('inactive_change_id');
    t.text('first_active_at');
    t.integer('version').notNullable();
    t.text('merged_into');
    t.text('brought_by').notNullable();
    t.text('user_name_key');
    t.text('employee_number_key');
    t.text('email_key');
    t.text('created_at').notNullable();
    t.primary(['tenant_id', 'id']);
    t.index(['tenant_id', 'user_name_key'], 'user_by_user_name');
    t.index(['tenant_id', 'employee_number_key'], 'user_by_employee_number');
    t.index(['tenant_id', 'email_key'], 'user_by_email');
  });
}

async function groups(sql: Knex): Promise<void> {
  await sql.schema.createTable('group', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('directory_id').notNullable();
    t.text('display_name').notNullable();
    t.integer('removed').notNullable();
    t.integer('version').notNullable();
    t.text('created_at').notNullable();
    t.primary(['tenant_id', 'id']);
  });
  await sql.schema.createTable('group_record', (t) => {
    t.text('tenant_id').notNullable();
    t.text('directory_id').notNullable();
    t.text('group_source_id').notNullable();
    t.text('group_id').notNullable();
    t.text('record_id');
    t.primary(['tenant_id', 'directory_id', 'group_source_id']);
    t.index(['tenant_id', 'group_id'], 'group_record_group');
  });
  await sql.schema.createTable('membership', (t) => {
    t.text('tenant_id').notNullable();
    t.text('group_id').notNullable();
    t.text('user_id').notNullable();
    t.integer('from_sequence').notNullable();
    t.text('from_at').notNullable();
    t.text('from_cause').notNullable();
    t.integer('to_sequence');
    t.text('to_at');
    t.text('to_cause');
    t.primary(['tenant_id', 'group_id', 'user_id', 'from_sequence']);
    t.index(['tenant_id', 'user_id'], 'membership_user');
  });
  await sql.raw(
    'CREATE UNIQUE INDEX membership_open ON membership (tenant_id, group_id, user_id) WHERE to_sequence IS NULL',
  );
}

async function references(sql: Knex): Promise<void> {
  await sql.schema.createTable('reference', (t) => {
    t.text('tenant_id').notNullable();
    t.text('record_id').notNullable();
    t.text('attribute').notNullable();
    t.text('directory_id').notNullable();
    t.text('by').notNullable();
    t.text('value').notNullable();
    t.text('target_user_id');
    t.primary(['tenant_id', 'record_id', 'attribute']);
    t.index(['tenant_id', 'directory_id', 'by', 'value'], 'reference_lookup');
    t.index(['tenant_id', 'target_user_id'], 'reference_target');
  });
}

async function decisions(sql: Knex): Promise<void> {
  await sql.schema.createTable('conflict', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('user_id').notNullable();
    t.text('attribute').notNullable();
    t.text('status').notNullable();
    t.text('value').notNullable();
    t.text('claims').notNullable();
    t.text('rule_path').notNullable();
    t.integer('rules_version').notNullable();
    t.text('opened_at').notNullable();
    t.text('updated_at').notNullable();
    t.text('closed_at');
    t.primary(['tenant_id', 'id']);
    t.index(['tenant_id', 'status', 'id'], 'conflict_status');
    t.index(['tenant_id', 'user_id'], 'conflict_user');
  });
  await sql.raw(`CREATE UNIQUE INDEX conflict_open ON conflict (tenant_id, user_id, attribute) WHERE status = 'open'`);
  await sql.schema.createTable('override', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('user_id').notNullable();
    t.text('attribute').notNullable();
    t.text('value').notNullable();
    t.text('reason').notNullable();
    t.text('until').notNullable();
    t.text('set_by').notNullable();
    t.text('set_at').notNullable();
    t.text('ended_at');
    t.text('ended_reason');
    t.primary(['tenant_id', 'id']);
    t.index(['tenant_id', 'user_id'], 'override_user');
  });
}

async function reviews(sql: Knex): Promise<void> {
  await sql.schema.createTable('review', (t) => {
    t.text('tenant_id').notNullable();
    t.text('id').notNullable();
    t.text('kind').notNullable();
    t.text('status').notNullable();
    t.text('subject').notNullable();
    t.text('guard');
    t.text('doubt');
    t.text('directory_id');
    t.text('run_id');
    t.text('opened_at').notNullable();
    t.text('counts').notNullable();
    t.text('sample').notNullable();
    t.text('detail').notNullable();
    t.text('plan_hash').notNullable();
    t.text('decided_by');
    t.text('decided_at');
    t.text('reason');
    t.primary(['tenant_id', 'id']);
    t.index(['tenant_id', 'status', 'id'], 'review_status');
  });
  await sql.raw(`CREATE UNIQUE INDEX review_open ON review (tenant_id, kind, subject) WHERE status = 'open'`);
  await sql.schema.createTable('guard_hold', (t) => {
    t.text('tenant_id').notNullable();
    t.text('review_id').notNullable();
    t.text('subject').notNullable();
    t.text('attribute').notNullable();
    t.text('directory_id').notNullable();
    t.text('pinned').notNullable();
    t.text('candidate').notNullable();
    t.text('ended_at');
    t.primary(['tenant_id', 'review_id', 'subject', 'attribute']);
    t.index(['tenant_id', 'subject'], 'guard_hold_subject');
  });
}

/** What comes out: links, users, groups, memberships, and what people decide about them. */
export const population: Migration = {
  version: 2,
  name: 'population',
  async up(sql) {
    await correlation(sql);
    await people(sql);
    await groups(sql);
    await references(sql);
    await decisions(sql);
    await reviews(sql);
  },
};
