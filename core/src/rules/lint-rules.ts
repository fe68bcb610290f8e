import type { AttributeName } from '../model/claims.js';
import type { Rules } from '../model/rules.js';
import type { Finding } from './finding.js';
import { YamlText, type Path } from './yaml-text.js';

/** A directory as far as rules are concerned. */
export interface LintedDirectory {
  name: string;
  mode: 'draft' | 'shadow' | 'live' | 'retired';
  /** The attributes that its mapping of users knows. */
  mapped: ReadonlySet<AttributeName>;
}

/** What the check of rules needs beside them: their text for the places, and what the directories say. */
export interface LintOptions {
  text: string;
  file: string;
  firstLine?: number;
  directories: readonly LintedDirectory[];
}

/** What no parser can see: rules that cannot do what they seem to say. */
export function lintRules(rules: Rules, options: LintOptions): Finding[] {
  const yaml = new YamlText(options.text, options.file, options.firstLine);
  const linter = new RulesLinter(rules, yaml, options.directories);
  linter.run();
  return linter.findings;
}

class RulesLinter {
  readonly findings: Finding[] = [];

  constructor(
    private readonly rules: Rules,
    private readonly yaml: YamlText,
    private readonly directories: readonly LintedDirectory[],
  ) {}

  run(): void {
    this.#unusedDirectories();
    for (const [name, rule] of Object.entries(this.rules.attributes)) {
      for (const [position, directory] of rule.from.entries())
        this.#mapped(name, directory, ['attributes', name, 'from', position]);
    }
    for (const [position, rule] of this.rules.correlation.entries()) {
      this.#key(rule.on === 'emails.primary' ? 'emails' : rule.on, ['correlation', position, 'on']);
    }
  }

  #unusedDirectories(): void {
    const named = new Set([
      ...this.rules.priority,
      ...Object.values(this.rules.attributes).flatMap((rule) => rule.from),
    ]);
    for (const { name, mode } of this.directories) {
      if (mode !== 'live' || named.has(name)) continue;
      const message = `The directory "${name}" stands neither in priority nor in any from: it links people and says nothing of them.`;
      this.#add(
        'warning',
        'RC_RULES_DIRECTORY_UNUSED',
        message,
        ['priority'],
        `Add ${name} to priority, or to the attributes that it may speak for.`,
      );
    }
  }

  #mapped(attribute: AttributeName, directory: string, path: Path): void {
    const found = this.directories.find(({ name }) => name === directory);
    if (found === undefined || found.mapped.has(attribute)) return;
    const message = `${directory} is listed for ${attribute}, and its mapping says nothing of it.`;
    const mend = `Map ${attribute} for ${directory}, or take ${directory} out here.`;
    if (attribute === 'active') this.#add('error', 'RC_RULES_ACTIVE_UNMAPPED', message, path, mend);
    else this.#add('warning', 'RC_RULES_ATTRIBUTE_UNMAPPED', message, path, mend);
  }

  #key(attribute: AttributeName, path: Path): void {
    const speakers = this.directories.filter(({ mapped }) => mapped.has(attribute));
    if (speakers.length > 1 || this.directories.length < 2) return;
    const message = `Fewer than two directories map ${attribute}: nobody can be recognised by it.`;
    this.#add(
      'warning',
      'RC_RULES_KEY_UNMAPPED',
      message,
      path,
      `Map ${attribute} in another directory, or take the rule out.`,
    );
  }

  #add(severity: Finding['severity'], code: Finding['code'], message: string, path: Path, mend: string): void {
    this.findings.push({
      severity,
      code,
      message,
      where: { file: this.yaml.file, ...this.yaml.valuePlace(path) },
      mend,
    });
  }
}
