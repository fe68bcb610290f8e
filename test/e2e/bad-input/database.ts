import knex from 'knex';
import type { TestProject } from '../support.js';

/** Where the example keeps its database. */
export const DATABASE = '.rollcall/rollcall.db';

/** A connection of the test's own to the project's database. */
export async function withDatabase<Result>(
  project: TestProject,
  task: (database: knex.Knex) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase(project);
  try {
    return await task(database);
  } finally {
    await database.destroy();
  }
}

/** Like `withDatabase`, for whoever closes it by himself. */
export function openDatabase(project: TestProject): knex.Knex {
  return knex({
    client: 'sqlite3',
    connection: { filename: project.file(DATABASE) },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
}
