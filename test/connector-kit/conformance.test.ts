import { conformanceChecks, type Subject } from '@rollcall/connector-kit/conformance';
import { expect } from 'chai';
import { FAULTS as SHELF_FAULTS } from './shelf-faults.js';
import { DECLARATION, newShelf, ShelfConnector, subjectOf, type Shelf } from './shelf.js';
import { STREAM_FAULTS } from './stream-faults.js';
import { streamSubjectOf } from './stream-shelf.js';

const FAULTS = [...SHELF_FAULTS, ...STREAM_FAULTS];

async function failedChecks(subject: Subject<Shelf>): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of conformanceChecks(subject)) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

describe('connector-kit/conformance', () => {
  it('passes a connector that keeps the contract', async () => {
    expect(await failedChecks(subjectOf())).to.deep.equal([]);
    expect(await failedChecks(streamSubjectOf())).to.deep.equal([]);
  });

  for (const { fault, check, subject } of FAULTS) {
    it(`finds ${fault}`, async () => {
      expect(await failedChecks(subject)).to.include(check);
    });
  }

  it('has no check that nothing fails', () => {
    const subjects = [subjectOf(), { ...subjectOf(), remembers: false }, streamSubjectOf()];
    const names = new Set(subjects.flatMap((subject) => conformanceChecks(subject).map(({ name }) => name)));
    expect(new Set(FAULTS.map(({ check }) => check))).to.deep.equal(names);
  });

  it('leaves out the checks whose hooks are missing', () => {
    const { definition, remembers, populate } = subjectOf();
    const names = conformanceChecks({ definition, remembers, populate }).map(({ name }) => name);
    expect(names).to.include('reads every record once');
    expect(names).not.to.include('gives the same fingerprints in another order');
    expect(names).not.to.include('refuses keys that reach for a prototype');
  });

  it('reads nothing from a source that only pushes', () => {
    const pushes = subjectOf(ShelfConnector, {
      capabilities: { ...DECLARATION.capabilities, full: false, push: true },
    });
    const names = conformanceChecks(pushes).map(({ name }) => name);
    expect(names).to.include('declares id, version, title and capabilities');
    expect(names).not.to.include('reads every record once');
  });

  it('gives every check a name of its own', () => {
    const names = conformanceChecks(streamSubjectOf()).map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('removes every source that it had made, also when a check fails', async () => {
    let live = 0;
    const subject = subjectOf(ShelfConnector, { settings: { type: 'object' } });
    const populate = (): Promise<Shelf> => {
      live++;
      const remove = (): Promise<void> => {
        live--;
        return Promise.resolve();
      };
      return Promise.resolve({ ...newShelf(), remove });
    };
    expect(await failedChecks({ ...subject, populate })).not.to.deep.equal([]);
    expect(live).to.equal(0);
  });
});
