import { Plugin } from '@oclif/core/config';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where oclif looks for the list of commands that spares it loading them all. */
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'oclif.manifest.json');

/** Writes the list of commands that the published package carries; `--remove` takes it away, so that none grows stale here. */
async function manifest(): Promise<void> {
  await rm(file, { force: true });
  if (process.argv.includes('--remove')) return;
  const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
  await plugin.load();
  await writeFile(file, `${JSON.stringify(plugin.manifest)}\n`);
}

await manifest();
