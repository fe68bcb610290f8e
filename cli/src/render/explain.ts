import type { Json, JsonObject } from '@rollcall/core';
import type { Paint } from '../terminal/paint.js';
import type { Screen } from '../terminal/screen.js';
import { wrap } from '../terminal/wrap.js';
import { activeText, lines, nextStep, paragraphs, valueText, when } from './words.js';

/** A mapping expression and the line where it stands. */
interface ExplainedMapping {
  name: string;
  version: string;
  file: string;
  line: number | null;
  expression: string | null;
}

/** One side of an explanation, as in `rollcall.explain/1`. */
export interface ExplainedClaim {
  directory: string | null;
  kind: string;
  sourceId?: string | null;
  value: Json;
  vote?: string;
  runId?: string | null;
  trigger?: string | null;
  tier?: string | null;
  observedAt?: string | null;
  raw?: JsonObject | null;
  record?: { file: string | null; line: number | null } | null;
  mapping?: ExplainedMapping | null;
  /** Which attribute the claim is about, where that is another one. */
  attribute?: string;
  from?: ExplainedClaim[];
  reason?: string;
  setBy?: string;
  until?: string | null;
}

export interface ExplainedAttribute {
  value: Json;
  state: string;
  reason?: string | null;
  since: string | null;
  changeId: string | null;
  winner: ExplainedClaim | null;
  rule: { version: number; path: string; strategy: string } | null;
  override: JsonObject | null;
  hold: JsonObject | null;
  conflictId: string | null;
  others: ExplainedClaim[];
}

export interface ExplainAnswer {
  format: 'rollcall.explain/1';
  user: string;
  at: string;
  attributes: Record<string, ExplainedAttribute>;
}

/** Who is explained: the name as people know it, and how to name it again. */
export interface Explained {
  name: string;
  who: string;
}

/** `rollcall explain` for people: one paragraph an attribute, `active` first; all details where one alone is asked for. */
export function explainText(answer: ExplainAnswer, explained: Explained, screen: Screen): string {
  const attributes = Object.entries(answer.attributes).sort(
    ([a], [b]) => Number(b === 'active') - Number(a === 'active') || a.localeCompare(b),
  );
  if (attributes.length === 0) return `${screen.safe(explained.name)} has no such value.`;
  const isAlone = attributes.length === 1;
  const texts = attributes.map(([name, attribute]) =>
    new Paragraph(name, attribute, isAlone, screen).text(explained.name),
  );
  const next = nextStep(screen, 'How it came to be', 'history', screen.safe(explained.who));
  return paragraphs(isAlone ? texts.join('') : texts.join('\n'), next);
}

/** The sentences about one attribute. */
class Paragraph {
  readonly #paint: Paint;

  constructor(
    private readonly name: string,
    private readonly attribute: ExplainedAttribute,
    private readonly isDetailed: boolean,
    private readonly screen: Screen,
  ) {
    this.#paint = screen.paint;
  }

  text(who: string): string {
    const { rule, hold, conflictId, others } = this.attribute;
    return lines(
      this.#headline(who),
      ...this.#because().map((sentence) => this.#say(sentence)),
      ...(this.isDetailed ? this.#details().map((sentence) => this.#say(sentence)) : []),
      this.isDetailed && rule !== null
        ? this.#say(`the rule is ${rule.path} (${rule.strategy}) of rules version ${rule.version}`)
        : '',
      ...others.map((other) => this.#other(other)),
      hold === null ? '' : this.#paint('yellow', this.#say(`held at this value${detailOf(hold)}`)),
      conflictId === null ? '' : this.#say(`the disagreement is open as conflict ${conflictId}`),
    );
  }

  #say(sentence: string): string {
    return wrap(`  ${this.screen.safe(sentence)}`, this.screen.width, '    ');
  }

  #headline(who: string): string {
    const { value, since, state, reason } = this.attribute;
    const { safe } = this.screen;
    const at = since === null ? '' : ` since ${when(since)}`;
    const mark = state === 'unknown' ? this.#paint('yellow', ' (unknown now: the last good value is kept)') : '';
    if (this.name !== 'active')
      return `${this.#paint('bold', safe(this.name))} is ${safe(valueText(value))}${at}${mark}`;
    const shown = this.#paint(value === true ? 'green' : 'red', activeText(value));
    return `${this.#paint('bold', safe(who))} is ${shown}${at}${reason == null ? '' : `: ${safe(reason)}`}${mark}`;
  }

  #because(): string[] {
    const { winner, value } = this.attribute;
    if (winner === null)
      return [`because no directory says ${this.name === 'active' && value === false ? 'active' : 'anything'}`];
    if (winner.kind === 'override') return [`because of an override${detailOf(winner)}`];
    if (winner.directory !== null) return [`because ${winner.directory} says ${this.#says(winner, 'so')}`];
    const claims = winner.from ?? [];
    const given = claims.filter((claim) => claim.value !== null);
    return [
      `because ${winner.kind} says ${valueText(winner.value)}`,
      ...given.map(
        (claim) =>
          `${claim.directory ?? claim.kind} says ${claim.attribute ?? ''} ${this.#says(claim, valueText(claim.value))}`,
      ),
    ];
  }

  /** `inactive: status "Terminated" (E1003, hr-2026-03-09.csv line 4; mapping mappings/hr.yaml line 11)`. */
  #says(claim: ExplainedClaim, otherwise: string): string {
    const said = this.name === 'active' && claim.attribute === undefined ? activeText(claim.value) : otherwise;
    const place = [claim.sourceId ?? '', fileText(claim.record)].filter((part) => part !== '').join(', ');
    const source = [place, mappingText(claim.mapping)].filter((part) => part !== '').join('; ');
    return `${said}${rawText(claim)}${source === '' ? '' : ` (${source})`}`;
  }

  #details(): string[] {
    const { winner, changeId } = this.attribute;
    if (winner?.directory == null) return [];
    const { observedAt, tier, trigger, runId, mapping } = winner;
    const read =
      observedAt == null
        ? ''
        : `it was read ${when(observedAt)} (${[tier, trigger, runId].filter((part) => part != null).join(', ')})`;
    const version =
      mapping == null
        ? ''
        : `the expression is ${mapping.expression ?? '?'} (mapping ${mapping.name}, version ${mapping.version})`;
    const change = changeId === null ? '' : `the change is ${changeId}`;
    return [read, version, change].filter((sentence) => sentence !== '');
  }

  #other(other: ExplainedClaim): string {
    const speaker = other.directory ?? other.kind;
    if (!this.#isAgainst(other)) {
      return this.#say(
        `${speaker} agrees${other.sourceId == null ? '' : ` (${[other.sourceId, fileText(other.record)].filter((part) => part !== '').join(', ')})`}`,
      );
    }
    return this.#paint('yellow', this.#say(`but ${speaker} says ${this.#says(other, valueText(other.value))}`));
  }

  /** Whether another side says something else than what counts. */
  #isAgainst(other: ExplainedClaim): boolean {
    const { value } = this.attribute;
    if (this.name !== 'active') return JSON.stringify(other.value) !== JSON.stringify(value);
    return other.vote === 'allow' ? value === false : other.vote === 'deny' && value === true;
  }
}

function detailOf(decision: Readonly<Record<string, unknown>> | ExplainedClaim): string {
  const { reason, setBy, until, guard, reviewId } = decision as Readonly<Record<string, unknown>>;
  const text = (value: unknown, before: string): string => (typeof value === 'string' ? `${before}${value}` : '');
  const end = typeof until === 'string' ? ` until ${when(until)}` : '';
  return `${text(guard, ' by guard ')}${text(reviewId, ', review ')}${text(setBy, ' by ')}${end}${text(reason, ': ')}`;
}

function fileText(record: ExplainedClaim['record']): string {
  if (record?.file == null) return '';
  return record.line === null ? record.file : `${record.file} line ${record.line}`;
}

function mappingText(mapping: ExplainedMapping | null | undefined): string {
  if (mapping == null) return '';
  return mapping.line === null ? `mapping ${mapping.file}` : `mapping ${mapping.file} line ${mapping.line}`;
}

/** The raw fields that the expression reads, as they came. */
function rawText({ raw, mapping }: ExplainedClaim): string {
  const expression = mapping?.expression;
  if (raw == null || expression == null) return '';
  const words = new Set(expression.split(/[^\p{L}\p{N}_]+/u));
  const shown = Object.entries(raw)
    .filter(([field]) => words.has(field) || expression.includes(`\`${field}\``))
    .map(([field, value]) => `${field} ${typeof value === 'string' ? JSON.stringify(value) : valueText(value)}`);
  return shown.length === 0 ? '' : `: ${shown.join(', ')}`;
}
