import { list, type ResourceName } from '../dialects/resources.js';
import type { ScimClient } from '../http/scim-client.js';
import type { JsonObject } from '../scim/json.js';

/** How a provider walks a list. */
export interface Paging {
  /** Resources a page; null: the first request asks for the whole list. */
  readonly count: number | null;
}

export interface WholeList {
  readonly resources: readonly JsonObject[];
  /** What the pages had wrong, in words. */
  readonly findings: readonly string[];
}

/** Reads every page of a list, and checks what the pages say of themselves. */
export async function readAll(client: ScimClient, resource: ResourceName, { count }: Paging): Promise<WholeList> {
  const resources: JsonObject[] = [];
  const findings: string[] = [];
  const seen = new Set<unknown>();
  for (;;) {
    const page = await list(client, resource, queryOf(resources.length, count));
    if (count !== null && page.resources.length > count)
      findings.push(`${resource}: a page of ${page.resources.length}, asked for ${count}`);
    for (const { id } of page.resources) {
      if (seen.has(id)) findings.push(`${resource}: ${String(id)} stands on two pages`);
      seen.add(id);
    }
    resources.push(...page.resources);
    if (page.resources.length === 0 || resources.length >= page.totalResults) {
      if (resources.length !== page.totalResults)
        findings.push(`${resource}: totalResults is ${page.totalResults}, ${resources.length} came`);
      return { resources, findings };
    }
  }
}

function queryOf(read: number, count: number | null): Record<string, string> {
  if (count === null) return read === 0 ? {} : { startIndex: String(read + 1) };
  return { startIndex: String(read + 1), count: String(count) };
}
