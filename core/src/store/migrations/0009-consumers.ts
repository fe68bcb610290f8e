import type { Migration } from './migration.js';

/**
 * What consumers of several tenants need: objects found by their id alone, groups by their latest event, the directory
 * whose ids stand for people, and how a key wants to see them.
 */
export const consumers: Migration = {
  version: 9,
  name: 'consumers',
  async up(sql) {
    await sql.schema.alterTable('tenant', (t) => {
      t.text('identity_directory');
    });
    await sql.schema.alterTable('api_key', (t) => {
      t.text('consumer').notNullable().defaultTo('{}');
    });
    await sql.raw('CREATE INDEX user_by_id ON "user" (id)');
    await sql.raw('CREATE INDEX group_by_id ON "group" (id)');
    await sql.raw('CREATE INDEX event_by_id ON event (id)');
    // Groups change seldom: only their events are in it.
    await sql.raw(
      `CREATE INDEX event_of_group ON event (tenant_id, subject_id, sequence) WHERE subject_kind = 'group'`,
    );
  },
};
