import type { ExplainDocument } from '#core/history/explain.js';
import type { JsonObject } from '#core/model/json.js';
import { explainWho } from '#core/reading/explain.js';
import { day, hrRow, itRow, mappings, type Population } from '../reading/support.js';

/** Asks as of the 20th. */
export const NOW = day(20);

export function explain(
  population: Population,
  request: { attribute?: string; at?: string } = {},
  who = 'usr-1',
): Promise<ExplainDocument> {
  return population.read((sql) => explainWho(sql, population.tenantId, who, { ...request, now: NOW, mappings }));
}

export async function explainOne(population: Population, attribute: string, at?: string): Promise<JsonObject> {
  const { attributes } = await explain(population, { attribute, ...(at === undefined ? {} : { at }) });
  return attributes[attribute] as JsonObject;
}

/** Ada as `usr-1`, with a record in HR and one in IT, both of the 9th. */
export async function addAda(population: Population): Promise<{ hr: string; it: string }> {
  const hr = await population.record('hr', 'E1001', hrRow(), day(9));
  const it = await population.record('it', '9001', itRow(), day(9));
  await population.link(hr, 'usr-1', day(9));
  await population.link(it, 'usr-1', day(9), 'sure', 'employee number');
  await population.settle('usr-1', day(9));
  return { hr, it };
}
