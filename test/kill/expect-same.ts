import { expect } from 'chai';
import type { Compare } from './loop.js';

/** Asserts that a killed day ended as the undisturbed one: finished, with nothing left over, and item by item the same. */
export const expectSame: Compare = (day, undisturbed, killed) => {
  const where = `day ${day + 1}`;
  expect(killed.answer.outcomes, where).to.deep.equal(undisturbed.answer.outcomes);
  expect(killed.answer.exitCode, where).to.equal(undisturbed.answer.exitCode);
  expect(undisturbed.answer.exitCode, where).to.equal(0);
  const { sequences, ...rest } = killed.rest;
  expect(rest, where).to.deep.equal({ dirty: 0, running: 0, leases: 0 });
  const gap = sequences.findIndex((sequence, n) => sequence !== n + 1);
  expect(gap, `${where}: the first event whose sequence is not the next number`).to.equal(-1);
  expect(sequences.length, where).to.be.greaterThan(0);
  for (const part of ['events', 'history', 'users', 'groups', 'memberships', 'conflicts', 'reviews', 'links'] as const)
    expectSameLines(`${where}, ${part}`, undisturbed.state[part], killed.state[part]);
};

/** Says the first difference instead of printing thousands of lines. */
function expectSameLines(where: string, wanted: readonly string[], got: readonly string[]): void {
  const at = wanted.findIndex((line, n) => line !== got[n]);
  if (at >= 0) expect(got[at], `${where}: item ${at + 1}`).to.equal(wanted[at]);
  expect(got.length, where).to.equal(wanted.length);
  expect(wanted.length, `${where}: something to compare`).to.be.greaterThan(0);
}
