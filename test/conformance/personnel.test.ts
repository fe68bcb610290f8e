import { conformanceChecks, type PopulatedSource } from '@rollcall/connector-kit/conformance';
import { personnel } from '../support/personnel-connector.js';
import { PersonnelSource, SIGNING_KEY } from '../support/personnel-source.js';

interface Personnel extends PopulatedSource {
  system: PersonnelSource;
}

describe('conformance: a personnel system with a stream and single reads', () => {
  const checks = conformanceChecks<Personnel>({
    definition: personnel(),
    remembers: false,
    async populate() {
      const system = await PersonnelSource.open();
      const ids = ['a', 'b', 'c', 'd', 'e'];
      for (const id of ids) system.put({ id });
      return {
        system,
        project: { root: '/', spool: '/' },
        settings: { url: system.url, signingSecret: SIGNING_KEY },
        ids: { user: ids },
        remove: () => system.close(),
      };
    },
    change({ system }, _kind, id) {
      system.put({ id, team: 'new' });
      return Promise.resolve();
    },
    withdraw({ system }, _kind, id) {
      system.remove(id);
      return Promise.resolve();
    },
    forgetChanges({ system }) {
      system.expireCursors();
      return Promise.resolve();
    },
    breakDown: ({ system }) => system.close(),
  });
  for (const { name, run } of checks) it(name, run);
});
