import type { Json, JsonObject } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { wrap } from '../terminal/wrap.js';
import { activeText, lines, nextStep, paragraphs, valueText, when } from './words.js';

/** A mapping expression and the line where it stands. */
interface ExplainedMapping {
  name: string;
  version: string;
  file: string;
  line: number;
  expression: string;
}

/** One side of an explanation, as in `rollcall.explain/1`. */
export interface ExplainedClaim {
  directory: string | null;
  kind: string;
  sourceId?: string;
  value: Json;
  vote?: string;
  runId?: string;
  trigger?: string;
  tier?: string;
  observedAt?: string;
  raw?: JsonObject;
  record?: { file: string | null; line: number | null };
  mapping?: ExplainedMapping | null;
  from?: (ExplainedClaim & { attribute?: string })[];
  reason?: string;
  by?: string;
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

/** `rollcall explain` for people: one paragraph an attribute, `active` first. */
export function explainText(answer: ExplainAnswer, explained: Explained, screen: Screen): string {
  const names = Object.keys(answer.attributes).sort(
    (a, b) => Number(b === 'active') - Number(a === 'active') || a.localeCompare(b),
  );
  if (names.length === 0) return `${screen.safe(explained.name)} has no such value.`;
  const texts = names.flatMap((name) => {
    const attribute = answer.attributes[name];
    return attribute === undefined ? [] : [attributeText(name, attribute, explained, screen)];
  });
  return paragraphs(...texts, nextStep(screen, 'How it came to be', 'history', screen.safe(explained.who)));
}

function attributeText(name: string, attribute: ExplainedAttribute, explained: Explained, screen: Screen): string {
  const { paint, safe, width } = screen;
  const say = (text: string): string => wrap(`  ${safe(text)}`, width, '    ');
  return lines(
    headline(name, attribute, explained, screen),
    ...winnerTexts(name, attribute).map(say),
    attribute.rule === null
      ? ''
      : say(`by rule ${attribute.rule.path} (${attribute.rule.strategy}), rules version ${attribute.rule.version}`),
    ...attribute.others.map((other) => {
      const text = otherText(name, attribute, other);
      return disagrees(name, attribute, other) ? paint('yellow', say(text)) : say(text);
    }),
    attribute.hold === null ? '' : paint('yellow', say(`held at this value: ${valueText(attribute.hold)}`)),
    attribute.conflictId === null ? '' : say(`the disagreement is open conflict ${attribute.conflictId}`),
  );
}

function headline(
  name: string,
  attribute: ExplainedAttribute,
  { name: who }: Explained,
  { paint, safe }: Screen,
): string {
  const since = attribute.since === null ? '' : ` since ${when(attribute.since)}`;
  const mark = attribute.state === 'unknown' ? paint('yellow', ' (unknown now: the last good value is kept)') : '';
  if (name === 'active') {
    const reason = typeof attribute.reason === 'string' ? `: ${attribute.reason}` : '';
    const state = paint(attribute.value === true ? 'green' : 'red', activeText(attribute.value));
    return `${paint('bold', safe(who))} is ${state}${since}${safe(reason)}${mark}`;
  }
  return `${paint('bold', safe(name))} is ${safe(valueText(attribute.value))}${since}${mark}`;
}

function winnerTexts(name: string, { winner, override, value }: ExplainedAttribute): string[] {
  if (override !== null) return [`because of an override${detailOf(override)}`];
  if (winner === null)
    return [
      name === 'active' && value === false ? 'because no directory says active' : 'because no directory says anything',
    ];
  if (winner.kind === 'override') return [`because of an override${detailOf(winner)}`];
  if (winner.directory === null) {
    const claims = winner.from ?? [];
    return [
      `because of employment, which says ${valueText(winner.value)}`,
      ...claims.map((claim) => sourceText(claim.attribute ?? 'employment', claim)),
    ];
  }
  return [`because ${sourceText(name, winner)}`];
}

function detailOf(override: { reason?: Json | undefined; by?: Json | undefined; until?: Json | undefined }): string {
  const { reason, by, until } = override;
  const parts = [
    typeof by === 'string' ? ` by ${by}` : '',
    typeof until === 'string' ? ` until ${when(until)}` : '',
    typeof reason === 'string' ? `: ${reason}` : '',
  ];
  return parts.join('');
}

/** `hr (E1003, hr-2026-03-09.csv line 4) says status "Terminated"; mapping mappings/hr.yaml line 11; full read of 2026-03-09 08:00 UTC`. */
function sourceText(attribute: string, claim: ExplainedClaim): string {
  const place = [claim.sourceId ?? '', fileText(claim.record)].filter((part) => part !== '').join(', ');
  const value =
    attribute === 'active'
      ? activeText(claim.value)
      : `${attribute === 'employment' ? '' : `${attribute} is `}${valueText(claim.value)}`;
  const read = claim.observedAt === undefined ? '' : `${claim.tier ?? ''} read of ${when(claim.observedAt)}`.trim();
  return [
    `${claim.directory ?? claim.kind} (${place}) says ${value}${rawText(claim)}`,
    mappingText(claim.mapping),
    read,
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function fileText(record: ExplainedClaim['record']): string {
  if (record?.file === undefined || record.file === null) return '';
  return record.line === null ? record.file : `${record.file} line ${record.line}`;
}

function mappingText(mapping: ExplainedMapping | null | undefined): string {
  return mapping === undefined || mapping === null ? '' : `mapping ${mapping.file} line ${mapping.line}`;
}

/** The raw fields that the expression reads, as they came. */
function rawText({ raw, mapping }: ExplainedClaim): string {
  if (raw === undefined || mapping === undefined || mapping === null) return '';
  const read = Object.entries(raw).filter(
    ([field]) =>
      mapping.expression.split(/[^\p{L}\p{N}_]+/u).includes(field) || mapping.expression.includes(`\`${field}\``),
  );
  const shown = read.map(
    ([field, value]) => `${field} ${typeof value === 'string' ? JSON.stringify(value) : valueText(value)}`,
  );
  return shown.length === 0 ? '' : `, from ${shown.join(', ')}`;
}

/** Whether another side says something else than what counts. */
function disagrees(name: string, attribute: ExplainedAttribute, other: ExplainedClaim): boolean {
  if (name !== 'active') return JSON.stringify(other.value) !== JSON.stringify(attribute.value);
  return other.vote === 'allow' ? attribute.value === false : other.vote === 'deny' && attribute.value === true;
}

function otherText(name: string, attribute: ExplainedAttribute, other: ExplainedClaim): string {
  const but = disagrees(name, attribute, other) ? 'but' : 'and';
  if (other.directory === null) return `${but} ${other.kind} says ${valueText(other.value)}`;
  return `${but} ${sourceText(name, other)}`;
}
