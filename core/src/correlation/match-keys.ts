import type { Catalogue } from '../model/catalogue.js';
import type { Claims } from '../model/claims.js';
import { foldText, primaryEmail } from '../model/compare.js';
import type { Json } from '../model/json.js';
import type { CorrelationRule } from '../model/rules.js';

/**
 * The keys by which a record can meet others, one per correlation rule: folded, without outer white space. An unknown
 * claim gives the key of its last good value; null, empty and absent claims give none.
 *
 * @returns by rule name; null: no key.
 */
export function matchKeys(
  claims: Claims,
  rules: readonly CorrelationRule[],
  catalogue: Catalogue,
): Record<string, string | null> {
  return Object.fromEntries(rules.map((rule) => [rule.name, keyOf(claims, rule.on, catalogue)]));
}

function keyOf(claims: Claims, on: string, catalogue: Catalogue): string | null {
  const value = on === 'emails.primary' ? primaryEmail(claims.emails?.value) : singleValue(claims, on, catalogue);
  if (typeof value !== 'string') return null;
  const key = foldText(value);
  return key === '' ? null : key;
}

function singleValue(claims: Claims, on: string, catalogue: Catalogue): Json | undefined {
  return catalogue.get(on)?.shape === 'single' ? claims[on]?.value : undefined;
}
