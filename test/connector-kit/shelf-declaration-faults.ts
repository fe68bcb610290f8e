import type { Subject } from '@rollcall/connector-kit/conformance';
import { DECLARATION, PROPERTIES, ShelfConnector, subjectOf, type Shelf } from './shelf.js';

/** A connector with one fault, and the check that has to find it. */
export interface Fault {
  fault: string;
  check: string;
  subject: Subject<Shelf>;
}

/** What can be wrong with a declaration. */
export const DECLARATION_FAULTS: readonly Fault[] = [
  {
    fault: 'an id with capitals',
    check: 'declares id, version, title and capabilities',
    subject: subjectOf(ShelfConnector, { id: 'Shelf' }),
  },
  {
    fault: 'a source that is neither read nor pushes',
    check: 'declares id, version, title and capabilities',
    subject: subjectOf(ShelfConnector, { capabilities: { ...DECLARATION.capabilities, full: false } }),
  },
  {
    fault: 'a setting without a title',
    check: 'describes every setting to people',
    subject: subjectOf(ShelfConnector, {
      settings: { ...DECLARATION.settings, properties: { ...PROPERTIES, isDown: { type: 'boolean' } } },
    }),
  },
  {
    fault: 'a password that is not marked',
    check: 'marks as secret what is named like a secret',
    subject: subjectOf(ShelfConnector, {
      settings: { ...DECLARATION.settings, properties: { ...PROPERTIES, password: { type: 'string', title: 'P' } } },
    }),
  },
  {
    fault: 'settings open to any key',
    check: 'accepts settings that work and refuses a key that it does not know',
    subject: subjectOf(ShelfConnector, { settings: { type: 'object', properties: PROPERTIES } }),
  },
  {
    fault: 'a capability without its method',
    check: 'is created from its needs, with the methods that its capabilities promise',
    subject: subjectOf(ShelfConnector, { capabilities: { ...DECLARATION.capabilities, delta: true } }),
  },
  {
    fault: 'a close that fails the second time',
    check: 'can be closed twice, and without having been used',
    subject: subjectOf(
      class extends ShelfConnector {
        isClosed = false;
        close(): Promise<void> {
          if (this.isClosed) return Promise.reject(new Error('closed'));
          this.isClosed = true;
          return Promise.resolve();
        }
      },
    ),
  },
];
