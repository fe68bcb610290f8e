import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { JsonObject } from '#core/model/json.js';
import { CHAIN_START, nextHash, verifyChain, type AuditRow } from '#core/security/audit.js';

function chainOf(entries: readonly JsonObject[]): AuditRow[] {
  let { hash } = CHAIN_START;
  return entries.map((entry, index) => {
    hash = nextHash(hash, entry);
    return { sequence: index + 1, entry, hash };
  });
}

const entries: JsonObject[] = ['apply', 'sync', 'override', 'sync', 'rotate'].map((action, index) => ({
  action,
  actor: { kind: 'person', id: `p${index}` },
  at: '2026-03-09T08:00:00.000Z',
}));

/** The chain with one row changed, taken out or put elsewhere. */
function damaged(change: (rows: AuditRow[]) => void): AuditRow[] {
  const rows = structuredClone(chainOf(entries));
  change(rows);
  return rows;
}

describe('core/security/audit', () => {
  it('hashes the previous hash and the entry', () => {
    const expected = createHash('sha256')
      .update(`${CHAIN_START.hash}\n{"a":[1,null,"x"],"b":{"c":true}}`)
      .digest('hex');
    expect(nextHash(CHAIN_START.hash, { b: { c: true }, a: [1, null, 'x'] })).to.equal(`sha256:${expected}`);
  });

  it('knows entries apart, whatever the order of their keys', () => {
    const hash = (entry: JsonObject): string => nextHash(CHAIN_START.hash, entry);
    expect(hash({ a: 1, b: { c: 2, d: 3 } })).to.equal(hash({ b: { d: 3, c: 2 }, a: 1 }));
    const different: JsonObject[] = [
      {},
      { a: null },
      { a: 1 },
      { a: '1' },
      { a: ' 1' },
      { a: [1] },
      { a: { b: 1 } },
      { 'a":1,"b': 1 },
    ];
    expect(new Set(different.map(hash)).size).to.equal(different.length);
    expect(nextHash(hash({}), {})).not.to.equal(hash({}));
  });

  it('accepts an unbroken chain, in one walk or in two', () => {
    const rows = chainOf(entries);
    const head = { sequence: 5, hash: rows[4]?.hash ?? '' };
    expect(verifyChain(rows)).to.deep.equal({ ok: true, checked: 5, head });
    const first = verifyChain(rows.slice(0, 2));
    if (!first.ok) throw new Error('expected an unbroken chain');
    expect(verifyChain(rows.slice(2), first.head, head)).to.deep.equal({ ok: true, checked: 3, head });
    expect(verifyChain([])).to.deep.equal({ ok: true, checked: 0, head: CHAIN_START });
  });

  const cases: [string, (rows: AuditRow[]) => void, number, string][] = [
    ['an entry changed', (rows) => (at(rows, 2).entry.action = 'nothing'), 3, 'changed'],
    ['a key added', (rows) => (at(rows, 1).entry.more = 1), 2, 'changed'],
    ['a hash changed', (rows) => (at(rows, 0).hash = CHAIN_START.hash), 1, 'changed'],
    ['a row taken out', (rows) => rows.splice(2, 1), 3, 'missing'],
    ['the first row taken out', (rows) => rows.shift(), 1, 'missing'],
    [
      'a row taken out and the rest renumbered',
      (rows) => {
        rows.splice(2, 1);
        renumber(rows);
      },
      3,
      'changed',
    ],
    ['two rows swapped', (rows) => rows.splice(1, 2, at(rows, 2), at(rows, 1)), 2, 'missing'],
    [
      'two rows swapped and renumbered',
      (rows) => {
        rows.splice(1, 2, at(rows, 2), at(rows, 1));
        renumber(rows);
      },
      2,
      'changed',
    ],
    ['a row twice', (rows) => rows.splice(2, 0, at(rows, 1)), 3, 'missing'],
    [
      'an entry changed together with its hash',
      (rows) => {
        forge(rows, 2);
      },
      4,
      'changed',
    ],
  ];
  for (const [what, change, sequence, problem] of cases) {
    it(`names the first bad row: ${what}`, () => {
      expect(verifyChain(damaged(change))).to.deep.equal({ ok: false, checked: sequence - 1, sequence, problem });
    });
  }

  it('notices rows cut off the end, and an end written anew, by a head kept elsewhere', () => {
    const rows = chainOf(entries);
    const head = { sequence: 5, hash: rows[4]?.hash ?? '' };
    expect(verifyChain(rows.slice(0, 3), CHAIN_START, head)).to.deep.equal({
      ok: false,
      checked: 3,
      sequence: 4,
      problem: 'truncated',
    });
    const rewritten = chainOf([...entries.slice(0, 4), { action: 'harmless' }]);
    expect(verifyChain(rewritten)).to.include({ ok: true });
    expect(verifyChain(rewritten, CHAIN_START, head)).to.deep.equal({
      ok: false,
      checked: 4,
      sequence: 5,
      problem: 'changed',
    });
  });
});

function at(rows: readonly AuditRow[], index: number): AuditRow {
  const row = rows[index];
  if (row === undefined) throw new Error('no such row');
  return row;
}

function renumber(rows: AuditRow[]): void {
  for (const [index, row] of rows.entries()) row.sequence = index + 1;
}

/** Changes an entry and makes its own hash fit again. */
function forge(rows: AuditRow[], index: number): void {
  const row = at(rows, index);
  row.entry = { action: 'harmless' };
  row.hash = nextHash(at(rows, index - 1).hash, row.entry);
}
