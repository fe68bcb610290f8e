import type { JsonObject } from '@rollcall/connector-kit';
import { createHash } from 'node:crypto';
import { CompiledEvaluator } from '#core/mapping/compiled-evaluator.js';
import { mapBatch, type MappedClaim } from '#core/mapping/map-batch.js';
import { parseMapping, type CompiledMapping, type MappingOptions } from '#core/mapping/mapping-file.js';
import { catalogueOf } from '#core/model/catalogue.js';

export const catalogue = catalogueOf({ costCenter: { type: 'string', pattern: '^[A-Z]+[0-9]+$' } });

export function optionsFor(file: string): MappingOptions {
  return {
    file,
    evaluator: new CompiledEvaluator(),
    catalogue,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
  };
}

export function compiled(text: string, file = 'mappings/test.yaml'): CompiledMapping {
  return parseMapping(text, optionsFor(file));
}

/** A mapping with one expression an attribute, each as a quoted text. */
export function mappingOf(attributes: Readonly<Record<string, string>>, tables = '{}'): CompiledMapping {
  const lines = Object.entries(attributes).map(([name, expression]) => `  ${name}: ${JSON.stringify(expression)}\n`);
  return compiled(`mapping: test\nkind: user\nsourceId: id\nattributes:\n${lines.join('')}tables: ${tables}\n`);
}

/** What one expression gives for `title`, as a claim. */
export async function titleOf(expression: string, raw: JsonObject, tables?: string): Promise<MappedClaim | undefined> {
  return (await claimsOf(mappingOf({ title: expression }, tables), raw)).get('title');
}

export async function claimsOf(
  mapping: CompiledMapping,
  raw: JsonObject,
  vanished: readonly string[] = [],
): Promise<ReadonlyMap<string, MappedClaim>> {
  const [mapped] = await mapBatch([{ raw }], mapping, { catalogue, vanished: new Set(vanished) });
  return mapped?.claims ?? new Map<string, MappedClaim>();
}
