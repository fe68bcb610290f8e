#!/usr/bin/env node
/**
 * Proves that what would be published works: packs every workspace, installs the tarballs into an empty project, runs the
 * contract's fixture there through the CLI and through examples/embed, and lets Lerna compute the next versions in a copy.
 *
 *   node scripts/pack-check.mjs [--compile] [--keep]
 *
 * --compile   compile sqlite3 anew instead of handing its installer the binary of this tree
 * --keep      leave the temporary folder, and say where it is
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkCli } from './pack-check/cli.mjs';
import { checkEmbedding } from './pack-check/embed.mjs';
import { installTarballs } from './pack-check/install.mjs';
import { checkVersioning } from './pack-check/lerna.mjs';
import { packWorkspaces } from './pack-check/pack.mjs';
import { orSayWhy, setup } from './setup.mjs';

const steps = [
  ['pack', packWorkspaces],
  ['install', installTarballs],
  ['the CLI on the fixture', checkCli],
  ['examples/embed', checkEmbedding],
  ['lerna version', checkVersioning],
];

await orSayWhy(async () => {
  const flags = new Set(process.argv.slice(2));
  await setup();
  const work = mkdtempSync(path.join(tmpdir(), 'rollcall-pack-'));
  const place = {
    work,
    tarballs: path.join(work, 'tarballs'),
    app: path.join(work, 'app'),
    compiles: flags.has('--compile'),
  };
  mkdirSync(place.tarballs);
  mkdirSync(place.app);
  try {
    for (const [name, step] of steps) console.log(`${name}: ${await step(place)}`);
  } finally {
    if (flags.has('--keep')) console.log(`kept: ${work}`);
    else rmSync(work, { recursive: true, force: true });
  }
});
