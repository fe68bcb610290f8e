import type { Knex } from 'knex';

/** One step of the schema; runs in a transaction of its own, on both databases. Never edited after a release. */
export interface Migration {
  version: number;
  name: string;
  up(sql: Knex): Promise<void>;
}
