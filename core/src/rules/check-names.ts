import type { ErrorCode, RollcallError } from '@rollcall/connector-kit';
import type { Catalogue, CatalogueEntry } from '../model/catalogue.js';
import { didYouMean } from './nearest-name.js';
import type { WrittenAttributeRule, WrittenRules } from './rules-schema.js';
import type { Path, YamlText } from './yaml-text.js';

/** What a schema cannot see: whether the directories and attributes named exist, and what may stand together. */
export function checkNames(
  rules: WrittenRules,
  yaml: YamlText,
  options: { directories: readonly string[]; catalogue: Catalogue },
): RollcallError[] {
  const check = new NamesCheck(rules, yaml, options.directories, options.catalogue);
  check.run();
  return check.errors;
}

class NamesCheck {
  readonly errors: RollcallError[] = [];

  constructor(
    private readonly rules: WrittenRules,
    private readonly yaml: YamlText,
    private readonly directories: readonly string[],
    private readonly catalogue: Catalogue,
  ) {}

  run(): void {
    this.#directories(this.rules.priority, ['priority']);
    for (const name of Object.keys(this.rules.attributes ?? {})) this.#attributeRule(name);
    this.#correlation();
    this.#directories(this.rules.lifecycle?.create, ['lifecycle', 'create']);
  }

  #attributeRule(name: string): void {
    const rule = this.rules.attributes?.[name];
    const path = ['attributes', name];
    if (rule === undefined) return;
    this.#directories(rule.from, [...path, 'from']);
    this.#directories(rule.require, [...path, 'require']);
    const entry = this.catalogue.get(name);
    if (entry === undefined) this.#unknownAttribute(name, path);
    else this.#options(entry, rule, path);
  }

  #options(entry: CatalogueEntry, rule: WrittenAttributeRule, path: Path): void {
    if (rule.strategy !== undefined) this.#strategy(entry, rule.strategy, [...path, 'strategy']);
    if (rule.require !== undefined && entry.name !== 'active') {
      this.#refuse([...path, 'require'], 'RC_RULES_REQUIRE', 'Only active can require a record.', 'Take require out.');
    }
    if (rule.maxAge !== undefined) this.#maxAge(entry.name, [...path, 'maxAge']);
  }

  #strategy({ name, shape }: CatalogueEntry, strategy: string, path: Path): void {
    if (strategy === 'union' && shape !== 'set') {
      this.#refuse(
        path,
        'RC_RULES_STRATEGY',
        `${name} is no set: there is nothing to unite.`,
        'Take the strategy out.',
      );
    }
    if (strategy === 'vote' && name !== 'active') {
      this.#refuse(path, 'RC_RULES_STRATEGY', 'Only active is decided by votes.', 'Take the strategy out.');
    }
    if (strategy !== 'vote' && name === 'active') {
      this.#refuse(path, 'RC_RULES_STRATEGY', 'active is always decided by votes.', 'Take the strategy out.');
    }
  }

  /** An old claim must never weaken a termination, nor loosen what people are recognised by. */
  #maxAge(name: string, path: Path): void {
    const isKey = (this.rules.correlation ?? []).some((rule) => attributeOf(rule.on) === name);
    if (name !== 'active' && !name.startsWith('employment.') && !isKey) return;
    const why = isKey ? 'a correlation rule reads it' : 'it decides who is active';
    this.#refuse(path, 'RC_RULES_MAX_AGE', `${name} cannot have a maxAge: ${why}.`, 'Take maxAge out.');
  }

  #correlation(): void {
    const seen = new Set<string>();
    for (const [position, rule] of (this.rules.correlation ?? []).entries()) {
      const path: Path = ['correlation', position];
      const entry = this.catalogue.get(attributeOf(rule.on));
      const isKey = rule.on === 'emails.primary' || (entry?.shape === 'single' && rule.on !== 'active');
      if (entry === undefined) this.#unknownAttribute(rule.on, [...path, 'on'], true);
      else if (!isKey) {
        this.#refuse(
          [...path, 'on'],
          'RC_RULES_KEY',
          `${rule.on} cannot tell who someone is.`,
          'Take an attribute of one value, or emails.primary.',
        );
      }
      if (seen.has(rule.name)) {
        this.#refuse(
          [...path, 'name'],
          'RC_RULES_DUPLICATE',
          `Two correlation rules are named "${rule.name}".`,
          'Give one of them another name.',
        );
      }
      seen.add(rule.name);
    }
  }

  #directories(names: readonly string[] | undefined, path: Path): void {
    for (const [position, name] of (names ?? []).entries()) {
      if (this.directories.includes(name)) continue;
      const mend = didYouMean(name, this.directories, 'Directories of this tenant');
      this.#refuse(
        [...path, position],
        'RC_RULES_UNKNOWN_DIRECTORY',
        `The rules name a directory "${name}" that does not exist.`,
        mend,
      );
    }
  }

  #unknownAttribute(name: string, path: Path, isValue = false): void {
    const mend = didYouMean(name, this.catalogue.keys(), 'Attributes');
    const place = isValue ? this.yaml.valuePlace(path) : this.yaml.keyPlace(path);
    this.errors.push(this.yaml.errorAt(place, 'RC_RULES_UNKNOWN_ATTRIBUTE', `There is no attribute "${name}".`, mend));
  }

  #refuse(path: Path, code: ErrorCode, what: string, mend: string): void {
    this.errors.push(this.yaml.errorAt(this.yaml.valuePlace(path), code, what, mend));
  }
}

function attributeOf(key: string): string {
  return key === 'emails.primary' ? 'emails' : key;
}
