import { stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/**
 * Finds the file that `import 'name'` would run, from what a package.json says under `main` and `exports`.
 *
 * `createRequire().resolve` refuses a package whose `exports` has the condition `import` alone, and `import.meta.resolve`
 * takes no second place to resolve from on Node 20 without a flag.
 */
export async function entryOf(
  folder: string,
  { main, exports }: { main: unknown; exports: unknown },
): Promise<string | null> {
  const candidates = exports === undefined || exports === null ? legacy(main) : [rootTarget(exports)];
  for (const candidate of candidates) {
    if (candidate === null) continue;
    const file = join(folder, candidate);
    const isInside = !relative(folder, file).startsWith(`..${sep}`);
    if (isInside && (await isFile(file))) return file;
  }
  return null;
}

const CONDITIONS = new Set(['node', 'import', 'module-sync', 'node-addons', 'default']);

/** Node's order for a package without `exports`. */
function legacy(main: unknown): string[] {
  const index = ['index.js'];
  return typeof main === 'string' ? [main, `${main}.js`, join(main, 'index.js'), ...index] : index;
}

function rootTarget(exports: unknown): string | null {
  if (!isRecord(exports)) return target(exports) ?? null;
  const hasPaths = Object.keys(exports).some((key) => key.startsWith('.'));
  return target(hasPaths ? exports['.'] : exports) ?? null;
}

/** Undefined: no condition met, look on. Null: closed on purpose. */
function target(value: unknown): string | null | undefined {
  if (value === null) return null;
  if (typeof value === 'string') return value.startsWith('./') ? value : undefined;
  if (Array.isArray(value)) return value.map(target).find((found) => typeof found === 'string');
  if (!isRecord(value)) return undefined;
  for (const [condition, inner] of Object.entries(value)) {
    const found = CONDITIONS.has(condition) ? target(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
