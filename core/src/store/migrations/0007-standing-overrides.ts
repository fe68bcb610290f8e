import type { Migration } from './migration.js';

/** Ended overrides stay for ever; what stands is looked at with every batch. */
export const standingOverrides: Migration = {
  version: 7,
  name: 'standing-overrides',
  async up(sql) {
    await sql.raw('CREATE INDEX override_standing ON override (tenant_id, user_id) WHERE ended_at IS NULL');
  },
};
