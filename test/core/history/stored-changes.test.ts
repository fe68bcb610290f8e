import { expect } from 'chai';
import { changesText, parseChanges } from '#core/history/stored-changes.js';
import type { AttributeChange } from '#core/history/tables.js';
import { parseProvenance, provenanceText } from '#core/population/stored-provenance.js';
import type { Provenance } from '#core/population/tables.js';

const from = (directory: string, rulePath = 'priority'): Provenance => ({
  winner: { by: 'directory', directory, recordId: `rec-${directory}`, overrideId: null },
  rulePath,
  strategy: 'priority',
});

const change = (attribute: string, given: Partial<AttributeChange>): AttributeChange => ({
  attribute,
  from: null,
  to: 'x',
  kind: 'value',
  provenance: from('hr'),
  reason: null,
  detail: null,
  effectiveAt: null,
  unknown: false,
  ...given,
});

describe('core/history/stored-changes', () => {
  it('gives back what was stored, whoever shares a source with whom', () => {
    const changes = [
      change('active', { to: false, reason: 'terminated', detail: 'hr', effectiveAt: '2026-03-07T00:00:00.000Z' }),
      change('department', { from: 'A', to: null, provenance: null }),
      change('emails', { to: [{ value: 'a@b' }], unknown: true }),
      change('locale', { provenance: from('it') }),
      change('nickName', { provenance: from('it', 'attributes.nickName'), kind: 'provenance' }),
      change('title', { from: false, to: 0, provenance: from('it') }),
      change('userName', { from: '', to: [], provenance: null }),
    ];
    expect(parseChanges(changesText(changes))).to.deep.equal(changes);
  });

  it('names a source once', () => {
    const text = changesText([change('a', {}), change('b', {}), change('c', {})]);
    expect(text.split('rec-hr')).to.have.length(2);
    expect(text).to.not.include('"reason"').and.not.include('"unknown"');
  });
});

describe('core/population/stored-provenance', () => {
  it('gives back what was stored and names a source once', () => {
    const provenance = { a: from('hr'), b: from('it'), c: from('hr'), d: from('hr', 'attributes.d'), e: from('it') };
    const text = provenanceText(provenance);
    expect(parseProvenance(text)).to.deep.equal(provenance);
    expect(text.split('rec-it')).to.have.length(2);
  });

  it('refuses a text that names what is not there', () => {
    expect(() => parseProvenance('{"a":"b"}')).to.throw('names what is not there');
  });
});
