import { findServer, isAskedFor, postgresqlBinaries, setCurrentTest } from './servers.js';
import { startPostgresql, type RunningPostgresql } from './servers-postgresql.js';

let postgresql: RunningPostgresql | undefined;

/** Starts PostgreSQL once, and only where a loaded test asks for it; `ROLLCALL_TEST_PG_URL` names another one to use. */
export async function mochaGlobalSetup(): Promise<void> {
  const binaries = postgresqlBinaries();
  const isWanted = isAskedFor('postgresql') && findServer('postgresql').missing === null;
  if (!isWanted || binaries === null || process.env.ROLLCALL_TEST_PG_URL !== undefined) return;
  postgresql = await startPostgresql(binaries);
  process.env.ROLLCALL_TEST_PG_URL = postgresql.url;
}

export async function mochaGlobalTeardown(): Promise<void> {
  await postgresql?.stop();
}

export const mochaHooks: Mocha.RootHookObject = {
  beforeEach(this: Mocha.Context) {
    setCurrentTest(this.currentTest?.fullTitle() ?? null);
  },
  afterEach() {
    setCurrentTest(null);
  },
};
