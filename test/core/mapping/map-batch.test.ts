import { expect } from 'chai';
import { mapBatch } from '#core/mapping/map-batch.js';
import { catalogue, claimsOf, mappingOf, titleOf } from './compiled.js';

describe('core/mapping/map-batch', () => {
  it('tells no value, empty and unknown apart', async () => {
    const mapping = mappingOf({ title: 'a', nickName: 'b', userType: 'c', department: '$uppercase(d)' });
    const claims = await claimsOf(mapping, { b: null, c: 'x', d: 5 });
    expect(claims.has('title')).to.equal(false);
    expect(claims.get('nickName')).to.deep.equal({ value: null });
    expect(claims.get('userType')).to.deep.equal({ value: 'x' });
    expect(claims.get('department')).to.have.nested.property('error.because', 'expression');
  });

  it('lets one bad attribute withhold nothing of the others', async () => {
    const mapping = mappingOf({ 'employment.startDate': 'hire', active: 'status != "gone"' });
    const claims = await claimsOf(mapping, { hire: 'soon', status: 'gone' });
    expect(claims.get('employment.startDate')).to.have.nested.property('error.code', 'RC_CLAIM_INVALID');
    expect(claims.get('active')).to.deep.equal({ value: false });
  });

  it('makes what reads a vanished column unknown before anything is evaluated', async () => {
    const mapping = mappingOf({ active: 'status != "gone"', title: 'title', nickName: '$string($$)', userType: '"x"' });
    const claims = await claimsOf(mapping, { title: 't' }, ['status']);
    for (const attribute of ['active', 'nickName']) {
      expect(claims.get(attribute)).to.deep.include({
        error: {
          code: 'RC_COLUMN_VANISHED',
          because: 'column',
          line: attribute === 'active' ? 5 : 7,
          message: 'The column "status" is not there any more.',
          mend: 'Bring it back at the source, or change the mapping.',
        },
      });
    }
    expect(claims.get('title')).to.deep.equal({ value: 't' });
    expect(claims.get('userType')).to.deep.equal({ value: 'x' });
  });

  const dates: [string, boolean][] = [
    ['2024-02-29', true],
    ['2025-02-29', false],
    ['2026-13-01', false],
    ['2026-3-9', false],
    ['09.03.2026', false],
    ['2026-03-09T00:00:00Z', false],
    ['0000-01-01', true],
  ];
  for (const [text, isDate] of dates) {
    it(`takes ${text} ${isDate ? 'for a day' : 'for no day'}`, async () => {
      const claim = (await claimsOf(mappingOf({ 'employment.endDate': 'd' }), { d: text })).get('employment.endDate');
      if (isDate) expect(claim).to.deep.equal({ value: text });
      else expect(claim).to.have.nested.property('error.code', 'RC_CLAIM_INVALID');
    });
  }

  it('takes only time zones that can be computed with', async () => {
    const mapping = mappingOf({ 'employment.timeZone': 'z' });
    expect((await claimsOf(mapping, { z: 'Asia/Kolkata' })).get('employment.timeZone')).to.deep.equal({
      value: 'Asia/Kolkata',
    });
    const claim = (await claimsOf(mapping, { z: 'Mars/Base' })).get('employment.timeZone');
    expect(claim).to.have.nested.property('error.code', 'RC_CLAIM_INVALID');
  });

  it('never shows the value that is invalid', async () => {
    const claims = await claimsOf(
      mappingOf({ 'employment.status': 's', emails: '[{"value": "", "x": s}]', title: 'n' }),
      { s: 'Lovelace', n: 7 },
    );
    expect([...claims.values()].every((claim) => 'error' in claim)).to.equal(true);
    expect(JSON.stringify([...claims])).not.to.include('Lovelace');
  });

  it('keeps non-ASCII addresses and needs no @ in them: sources decide', async () => {
    const claims = await claimsOf(mappingOf({ emails: '[{"value": m}]' }), { m: 'jörg@müller.example' });
    expect(claims.get('emails')).to.deep.equal({ value: [{ value: 'jörg@müller.example' }] });
  });

  it('brings texts into form NFC without outer white space, inside sets too', async () => {
    const mapping = mappingOf({ title: 't', emails: '[{"value": t}]', groups: '[t]' });
    const claims = await claimsOf(mapping, { t: ' Jose\u0301\t' });
    expect(claims.get('title')).to.deep.equal({ value: 'José' });
    expect(claims.get('emails')).to.deep.equal({ value: [{ value: 'José' }] });
    expect(claims.get('groups')).to.deep.equal({ value: ['José'] });
  });

  it('makes a set of a single value', async () => {
    const mapping = mappingOf({ groups: 'list.name', emails: '{"value": "a@b"}' });
    const claims = await claimsOf(mapping, { list: [{ name: 'vpn' }] });
    expect(claims.get('groups')).to.deep.equal({ value: ['vpn'] });
    expect(claims.get('emails')).to.deep.equal({ value: [{ value: 'a@b' }] });
  });

  it('takes an empty text for "it is empty" where any text may stand, and for a fault where one of a list is due', async () => {
    const mapping = mappingOf({ department: 'd', 'employment.endDate': 'd', 'employment.status': 'd', active: 'd' });
    const claims = await claimsOf(mapping, { d: ' ' });
    expect(claims.get('department')).to.deep.equal({ value: null });
    expect(claims.get('employment.endDate')).to.deep.equal({ value: null });
    expect(claims.get('employment.status')).to.have.nested.property('error.code', 'RC_CLAIM_INVALID');
    expect(claims.get('active')).to.have.nested.property('error.code', 'RC_CLAIM_INVALID');
  });

  it("checks a tenant's custom attributes, patterns in linear time", async () => {
    const mapping = mappingOf({ 'custom.costCenter': 'c' });
    expect((await claimsOf(mapping, { c: 'AB12' })).get('custom.costCenter')).to.deep.equal({ value: 'AB12' });
    expect((await claimsOf(mapping, { c: 'ab' })).get('custom.costCenter')).to.have.nested.property(
      'error.code',
      'RC_CLAIM_INVALID',
    );
  });

  for (const [what, text] of [
    ['NUL', 'a\0b'],
    ['half of a surrogate pair', 'a\ud800'],
  ] as const) {
    it(`refuses ${what}, which databases refuse`, async () => {
      expect(await titleOf('t', { t: text })).to.have.nested.property('error.code', 'RC_CLAIM_INVALID');
      const claims = await claimsOf(mappingOf({ groups: '[t]' }), { t: text });
      expect(claims.get('groups')).to.have.nested.property('error.code', 'RC_CLAIM_INVALID');
    });
  }

  it('keeps the order of the records over many slices, and lets others run in between', async () => {
    const mapping = mappingOf({ title: '$string(n)' });
    const records = Array.from({ length: 600 }, (_, n) => ({ raw: { n } }));
    let turns = 0;
    const turning = setInterval(() => turns++, 0);
    const mapped = await mapBatch(records, mapping, { catalogue, vanished: new Set() });
    clearInterval(turning);
    expect(mapped.map(({ claims }) => claims.get('title'))).to.deep.equal(
      records.map(({ raw }) => ({ value: String(raw.n) })),
    );
    expect(turns).to.be.greaterThan(0);
  });

  it('stops between slices when it is told to', async () => {
    const records = Array.from({ length: 600 }, (_, n) => ({ raw: { n } }));
    const signal = AbortSignal.abort(new Error('enough'));
    let caught: unknown;
    await mapBatch(records, mappingOf({ title: 't' }), { catalogue, vanished: new Set(), signal }).catch(
      (error: unknown) => (caught = error),
    );
    expect(caught).to.have.property('message', 'enough');
  });

  it('says the same of the same record, every time', async () => {
    const mapping = mappingOf({
      emails: 'm.{"value": $, "primary": $ = $$.m[0]}',
      title: '$fromMillis($toMillis(d), "[Y0001]")',
    });
    const raw = { m: ['a@b', 'c@d'], d: '2026-03-09T23:30:00' };
    const first = await claimsOf(mapping, raw);
    expect([...(await claimsOf(mapping, structuredClone(raw)))]).to.deep.equal([...first]);
    expect(first.get('title')).to.deep.equal({ value: '2026' });
  });
});
