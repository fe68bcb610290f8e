import { PushedProject } from '../../support/pushed.js';
import { onBothStores, type StoreKind } from '../../support/stores.js';
import { describeScimStore } from '../../plugins/scim/support/store-conformance.js';

async function open(kind: StoreKind): ReturnType<Parameters<typeof describeScimStore>[1]> {
  const project = await PushedProject.create(kind);
  return {
    store: await project.port('okta'),
    other: await project.port('entra'),
    close: async () => {
      await project.rollcall.pushes.settle();
      await project.remove();
    },
  };
}

onBothStores('core/sources/pushed-store', (kind) => {
  describeScimStore('the port', () => open(kind));
});
