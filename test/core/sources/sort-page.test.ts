import { expect } from 'chai';
import { startRead } from '#core/sources/read-state.js';
import { sortPage } from '#core/sources/sort-page.js';

describe('core/sources/sort-page', () => {
  const read = startRead({
    tenantId: 'acme',
    directoryId: 'dir-1',
    kind: 'user',
    runId: 'run-1',
    trigger: 'manual',
    tier: 'full',
    observedAt: '2026-03-09T08:00:00.000Z',
    whole: true,
    volatile: [],
    last: null,
  });

  for (const sourceId of ['', 'a\0b', '\ud800'])
    it(`sets apart a record whose id is ${JSON.stringify(sourceId)}, which no database can hold`, async () => {
      const observations = [
        { sourceId, raw: {} },
        { sourceId: 'good', raw: {} },
      ];
      const sorted = await sortPage(read, { kind: 'user', begin: 1, observations }, () => undefined);
      expect(sorted.sightings.map((sighting) => sighting.sourceId)).to.deep.equal(['good']);
      expect(sorted.malformed.map((row) => [row.sourceId, row.code])).to.deep.equal([
        [undefined, 'RC_ROW_SOURCE_ID_MISSING'],
      ]);
    });
});
