import type { RollcallError } from '@rollcall/connector-kit';
import type { Catalogue } from '../model/catalogue.js';
import {
  GUARD_NAMES,
  type AttributeRule,
  type CorrelationRule,
  type GuardLimit,
  type GuardName,
  type GuardRules,
  type LifecycleRules,
  type Rules,
} from '../model/rules.js';
import { checkNames } from './check-names.js';
import { throwAll } from './finding.js';
import { rulesSchema, type WrittenAttributeRule, type WrittenRules } from './rules-schema.js';
import { SchemaCheck } from './schema-check.js';
import { YamlText } from './yaml-text.js';

/** What the parser must know beside the text. */
export interface RulesOptions {
  /** As people are told: relative to the project. */
  file: string;
  /** The tenant's directories, in the order of its file. */
  directories: readonly string[];
  catalogue: Catalogue;
  /** The line of `file` at which the text begins, where it is a part of it. */
  firstLine?: number;
}

/** What guards allow where the rules say nothing (design.md 5.3). */
export const GUARD_DEFAULTS: Readonly<Record<GuardName, GuardLimit>> = {
  absences: { count: 10, percent: 5 },
  deactivations: { count: 25, percent: 10 },
  reactivations: { count: 25, percent: 10 },
  creations: { count: 25, percent: 10 },
  merges: { count: 5, percent: 0 },
  privilegedRemovals: { count: 5, percent: 20 },
  attributeChanges: { count: 50, percent: 30 },
  quarantine: { count: 20, percent: 5 },
};

const schemaCheck = new SchemaCheck(rulesSchema);

/**
 * Reads a rules document: what stands under `rules:` in a tenant file, or a file of its own.
 *
 * @throws {RollcallError} with exit code 78; all findings of the file are in `errors`.
 */
export function parseRules(text: string, options: RulesOptions): Rules {
  const yaml = new YamlText(text, options.file, options.firstLine);
  const problems: RollcallError[] = [...yaml.errors, ...(yaml.value === null ? [] : schemaCheck.errorsOf(yaml))];
  throwAll(problems);
  const written = (yaml.value ?? {}) as WrittenRules;
  throwAll(checkNames(written, yaml, options));
  return completed(written, options.directories);
}

function completed(written: WrittenRules, directories: readonly string[]): Rules {
  const priority = written.priority ?? directories;
  const attributes = Object.entries(written.attributes ?? {}).map(
    ([name, rule]) => [name, attributeRule(name, rule)] as const,
  );
  return {
    priority,
    attributes: Object.fromEntries(attributes),
    correlation: (written.correlation ?? []).map((rule): CorrelationRule => ({
      ...rule,
      sameDirectory: rule.sameDirectory ?? false,
    })),
    lifecycle: lifecycle(written, priority),
    guards: guards(written.guards ?? {}),
  };
}

function attributeRule(name: string, rule: WrittenAttributeRule): AttributeRule {
  return {
    from: rule.from,
    strategy: name === 'active' ? 'vote' : (rule.strategy ?? 'priority'),
    onConflict: rule.onConflict ?? 'log',
    maxAgeMs: rule.maxAge === undefined ? null : durationMs(rule.maxAge),
    require: rule.require ?? [],
  };
}

function lifecycle(written: WrittenRules, priority: readonly string[]): LifecycleRules {
  const { create = priority, preHireDays = 0, onLeave = 'abstain' } = written.lifecycle ?? {};
  return { create, preHireDays, onLeave };
}

function guards(written: NonNullable<WrittenRules['guards']>): GuardRules {
  const limits = GUARD_NAMES.map((name) => {
    const { count = GUARD_DEFAULTS[name].count, percent = GUARD_DEFAULTS[name].percent } = written[name] ?? {};
    return [name, { count, percent }] as const;
  });
  const neverHold = written.neverHold ?? written.deactivations?.neverHold ?? false;
  return { ...(Object.fromEntries(limits) as Record<GuardName, GuardLimit>), neverHold };
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90m`, `12h` or `30d`. */
function durationMs(text: string): number {
  return Number.parseInt(text, 10) * (UNIT_MS[text.slice(-1)] ?? 0);
}
