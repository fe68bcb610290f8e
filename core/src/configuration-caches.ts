import type { Evaluator } from './mapping/evaluator.js';
import { parseMapping, type CompiledMapping } from './mapping/mapping-file.js';
import { sha256Hex } from './hash.js';
import { catalogueOf, type Catalogue, type Schema } from './model/catalogue.js';
import type { CompileMapping } from './reconciliation/tenant-context.js';

const catalogues = new Map<string, Catalogue>();

/** One catalogue a process for the same `custom`: what is compiled for it is compiled once. */
export function catalogueFor(custom: string): Catalogue {
  const catalogue = catalogues.get(custom) ?? catalogueOf(JSON.parse(custom) as Record<string, Schema>);
  if (catalogues.size >= MOST_CATALOGUES) catalogues.clear();
  catalogues.set(custom, catalogue);
  return catalogue;
}

const MOST_CATALOGUES = 1_000;

const MOST_MAPPINGS = 500;

/** A mapping text is compiled once a process, whatever the number of runs. */
export function cachedCompiler(evaluator: Evaluator): CompileMapping {
  const cache = new Map<string, CompiledMapping>();
  return ({ file, text, version }, catalogue) => {
    const key = `${version}\n${file}\n${[...catalogue.keys()].join(' ')}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const mapping = parseMapping(text, { file, evaluator, catalogue, hash: sha256Hex });
    if (cache.size >= MOST_MAPPINGS) cache.clear();
    cache.set(key, mapping);
    return mapping;
  };
}
