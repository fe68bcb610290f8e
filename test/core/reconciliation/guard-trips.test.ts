import { expect } from 'chai';
import { GuardCounter } from '#core/reconciliation/guard-counts.js';
import { quarantineTrips } from '#core/reconciliation/guard-trips.js';
import type { GuardRules } from '#core/model/rules.js';

const limit = { count: 10, percent: 5 };
const RULES: GuardRules = {
  absences: limit,
  deactivations: limit,
  reactivations: limit,
  creations: limit,
  merges: limit,
  privilegedRemovals: limit,
  attributeChanges: limit,
  quarantine: { count: 0, percent: 5 },
  neverHold: false,
};

function counted(examined: number, unknown: number): GuardCounter {
  const counter = new GuardCounter({ directory: 'hr', grown: true, creations: true, privilegedGroups: new Set() });
  counter.examined = examined;
  counter.unknown = unknown;
  return counter;
}

describe('the guard of quarantine with the count 0', () => {
  it('lets a run through in which everything can be mapped, or nothing was looked at', () => {
    expect(quarantineTrips(RULES, counted(0, 0))).to.equal(null);
    expect(quarantineTrips(RULES, counted(100, 0))).to.equal(null);
  });

  it('trips at its percentage', () => {
    expect(quarantineTrips(RULES, counted(100, 4))).to.equal(null);
    expect(quarantineTrips(RULES, counted(100, 5))).to.include({ count: 5, limit: 5 });
  });
});
