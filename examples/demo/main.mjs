#!/usr/bin/env node
/**
 * A story that runs by itself: npm run demo [-- --seed N --days N]
 *
 * It sets the clone up where needed, then plays into ./rollcall-demo, which is made anew each time.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { orSayWhy, setup, SetupFailed } from '../../scripts/setup.mjs';
import { endQuietlyWhenNobodyReads } from './end-quietly.mjs';
import { fewestDays, usualDays } from './story.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const lookFurther = `
Look further, in ./rollcall-demo:
  cd rollcall-demo
  npx rollcall users list --tenant acme --inactive
  npx rollcall conflicts list --tenant acme
  npx rollcall directory list --tenant acme
  npx rollcall events list --tenant globex --limit 5
The SFTP server has ended with the demo; \`sync\` would say that it cannot reach it.`;

function parsed(wanted) {
  try {
    return parseArgs(wanted);
  } catch (error) {
    throw new SetupFailed(`${error.message.split('. ')[0]}. Usage: npm run demo -- [--seed N] [--days N]`);
  }
}

function readFlags() {
  const { values } = parsed({
    options: { seed: { type: 'string', default: '1' }, days: { type: 'string', default: String(usualDays) } },
  });
  const whole = (name, least) => {
    if (/^\d{1,9}$/.test(values[name]) && Number(values[name]) >= least) return Number(values[name]);
    throw new SetupFailed(`--${name} must be a whole number of at least ${least}, not "${values[name]}".`);
  };
  return { seed: whole('seed', 0), days: whole('days', fewestDays) };
}

endQuietlyWhenNobodyReads();
await orSayWhy(async () => {
  const flags = readFlags();
  await setup();
  const { play } = await import('./play.mjs');
  await play({ ...flags, project: path.join(root, 'rollcall-demo'), say: (line) => console.log(line) });
  console.log(lookFurther);
});
