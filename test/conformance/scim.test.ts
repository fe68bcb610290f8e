import { conformanceChecks, type PopulatedSource } from '@rollcall/connector-kit/conformance';
import scim from '@rollcall/connector-scim';

describe('conformance: scim', () => {
  const settings = { conflicts: 'strict', accept: 'application/json' };
  const project = { root: '/', spool: '/' };
  const populate = (): Promise<PopulatedSource> =>
    Promise.resolve({ settings, project, ids: {}, remove: () => Promise.resolve() });
  for (const { name, run } of conformanceChecks({ definition: scim, remembers: false, populate })) it(name, run);
});
