import { MemoryStore } from './support/memory-store.js';
import { describeScimStore } from './support/store-conformance.js';

describeScimStore('plugins/scim: the port, in memory', () =>
  Promise.resolve({ store: new MemoryStore(3), other: new MemoryStore(4), close: () => Promise.resolve() }),
);
