import { expect } from 'chai';
import { matchKeys } from '#core/correlation/match-keys.js';
import { partition } from '#core/correlation/partition.js';
import type { Link } from '#core/correlation/partition-types.js';
import { catalogueOf } from '#core/model/catalogue.js';
import type { Claim, ClaimedRecord, Claims } from '#core/model/claims.js';
import type { Json } from '#core/model/json.js';
import type { Resolution } from '#core/model/resolution.js';
import type { CorrelationRule, Rules } from '#core/model/rules.js';
import { resolve } from '#core/resolution/resolve.js';
import { history } from './history.js';
import { accept, NOTHING, population, type Evidence, type Override, type TenantRules, type Truth } from './oracle.js';
import { TENANTS } from './world.js';

/** The pure rooms alone, joined as simply as can be, beside the oracle: no store, no file, no guard. */
const catalogue = catalogueOf();
const correlation: CorrelationRule[] = [
  { name: 'number', on: 'employeeNumber', certainty: 'sure', sameDirectory: false },
  { name: 'e-mail', on: 'emails.primary', certainty: 'probable', sameDirectory: false },
];
const limit = { count: 10, percent: 5 };
const cause = { code: 'RC_CLAIM_INVALID' as const, message: '', mend: '', because: 'schema' as const };

function rulesOf({ priority, attributes, create, preHireDays, onLeave }: TenantRules): Rules {
  const named = Object.entries(attributes).map(([name, rule]): [string, Rules['attributes'][string]] => [
    name,
    {
      from: rule.from,
      strategy: rule.union === true ? 'union' : 'priority',
      onConflict: rule.ignoreConflicts === true ? 'ignore' : 'log',
      maxAgeMs: null,
      require: rule.require ?? [],
    },
  ]);
  const guards = { absences: limit, deactivations: limit, reactivations: limit, creations: limit, merges: limit };
  const more = { privilegedRemovals: limit, attributeChanges: limit, quarantine: limit, neverHold: false };
  return {
    priority,
    attributes: Object.fromEntries(named),
    correlation,
    lifecycle: { create, preHireDays, onLeave },
    guards: { ...guards, ...more },
  };
}

/** What the pure rooms say of the people, in the oracle's words. */
class PureRooms {
  readonly #records = new Map<string, ClaimedRecord>();
  readonly #links = new Map<string, Link>();
  readonly #users: { userId: string; createdAt: string }[] = [];
  readonly #tenant: TenantRules;
  readonly #rules: Rules;

  constructor(tenant: TenantRules) {
    this.#tenant = tenant;
    this.#rules = rulesOf(tenant);
  }

  observe({ directory, complete, records }: Evidence, at: string): void {
    const seen = new Set<string>();
    for (const { sourceId, claims, fails } of records) {
      const recordId = `${directory}:${sourceId}`;
      seen.add(recordId);
      const before = this.#records.get(recordId)?.claims;
      const failed = fails.map((name): [string, Claim] => {
        const good = before?.[name]?.value;
        return [name, { ...(good === undefined ? {} : { value: good }), unknown: { since: at, cause } }];
      });
      const good = Object.entries(claims).map(([name, value]): [string, Claim] => [name, { value: value as Json }]);
      const all: Claims = Object.fromEntries([...good, ...failed]);
      this.#records.set(recordId, { recordId, directory, sourceId, gone: null, retired: false, claims: all });
    }
    for (const record of complete ? [...this.#records.values()] : []) {
      if (record.directory !== directory || seen.has(record.recordId) || record.gone !== null) continue;
      this.#records.set(record.recordId, { ...record, gone: { reason: 'absent', at } });
    }
    this.#correlate(at);
  }

  #correlate(at: string): void {
    const { targets } = partition({
      records: [...this.#records.values()].map(({ recordId, directory, gone, claims }) => ({
        recordId,
        directory,
        present: gone === null,
        canCreate: this.#tenant.create.includes(directory),
        link: this.#links.get(recordId) ?? null,
        keys: matchKeys(claims, correlation, catalogue),
      })),
      rules: correlation,
      decisions: [],
      users: this.#users,
    });
    for (const { recordId, to, how, rule } of targets) {
      if (to.kind === 'unlinked' || how === null) continue;
      const userId = to.kind === 'user' ? to.userId : `usr-${to.label}`;
      if (how === 'created' && to.kind === 'new') this.#users.push({ userId, createdAt: at });
      this.#links.set(recordId, { userId, how, rule });
    }
  }

  people(overrides: readonly Override[], now: string): unknown[] {
    const byUser = new Map<string, ClaimedRecord[]>();
    for (const [recordId, { userId }] of this.#links) {
      const record = this.#records.get(recordId);
      if (record !== undefined) byUser.set(userId, [...(byUser.get(userId) ?? []), record]);
    }
    const people = [...byUser.values()].map((records) => {
      const ids = records.map(({ recordId }) => recordId).sort();
      const own = overrides.filter(({ record, until }) => ids.includes(record) && now < until);
      const claims = own.map(({ attribute, value }, index) => ({
        overrideId: `ovr-${String(index)}`,
        attribute,
        value: value as Json,
      }));
      const resolution = resolve(
        {
          records,
          rules: this.#rules,
          directories: {},
          overrides: claims,
          holds: {},
          now,
          timeZone: this.#tenant.timeZone,
        },
        catalogue,
      );
      return { records: ids, ...told(resolution) };
    });
    return people.sort((a, b) => ((a.records[0] ?? '') < (b.records[0] ?? '') ? -1 : 1));
  }
}

function told({ attributes, unknown, conflicts }: Resolution) {
  const ordinary = Object.entries(attributes).filter(([name]) => name !== 'active');
  return {
    active: attributes.active?.value,
    reason: attributes.active?.reason,
    attributes: Object.fromEntries(ordinary.map(([name, { value }]): [string, Json] => [name, value])),
    unknown: unknown.filter((name) => name !== 'active').sort(),
    conflicts: conflicts
      .map(({ attribute, claims }) => `${attribute}: ${claims.map(({ recordId }) => recordId).join(' ')}`)
      .sort(),
  };
}

/** JSON text with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort())
      : one,
  );
}

function expected(truth: Truth, tenant: TenantRules, overrides: readonly Override[], now: string): unknown[] {
  return population(truth, tenant, overrides, now).map(
    ({ records, active, reason, attributes, unknown, conflicts }) => ({
      records,
      active,
      reason,
      attributes,
      unknown,
      conflicts: conflicts
        .map(({ attribute, winner, losers }) => `${attribute}: ${[winner, ...losers].join(' ')}`)
        .sort(),
    }),
  );
}

describe('simulation, the pure rooms beside the oracle', function () {
  this.timeout(60_000);

  for (const [name, tenant] of Object.entries(TENANTS)) {
    it(`gives ${name} the people that the oracle expects, step by step`, () => {
      let steps = 0;
      for (let seed = 1; seed <= 6; seed += 1) {
        const rooms = new PureRooms(tenant);
        const overrides: Override[] = [];
        let truth = NOTHING;
        for (const [position, step] of history(seed).entries()) {
          for (const evidence of step.evidence) {
            rooms.observe(evidence, step.at);
            truth = accept(truth, evidence);
          }
          if (step.override !== undefined) overrides.push(step.override);
          const where = `seed ${String(seed)}, step ${String(position)} (${step.what})`;
          const people = rooms.people(overrides, step.at);
          const must = expected(truth, tenant, overrides, step.at);
          // Deep equality says what differs; the texts, which are cheap, say whether anything does.
          if (canonical(people) !== canonical(must)) expect(people, where).to.deep.equal(must);
          steps += 1;
        }
      }
      expect(steps).to.equal(240);
    });
  }
});
