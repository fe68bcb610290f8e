/**
 * How `npm test` runs mocha: the long computations in a process of their own, beside everything else; what uses both
 * cores by itself comes after them, alone.
 */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** After the last test mocha waits until nothing is open any more; a forgotten handle must not keep CI for hours. */
const patienceMinutes = 40;

/** Folders of tests that compute for minutes and speak to nobody but their own store. */
const longFolders = ['jsonata-compiler', 'kill', 'simulation'];

/** Starts a process a core. */
const aloneFile = path.join('simulation', 'simulation.test.js');

/**
 * The specs of the lanes: each list is run at the same time, one list after the other. One lane where single files are
 * asked for, or where there is nothing long to run.
 */
export function lanesOf(root, spec, isWhole) {
  const folder = path.join(root, 'test/dist');
  if (!isWhole || !longFolders.some((name) => existsSync(path.join(folder, name)))) return [[spec]];
  const files = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.test.js'))
    .sort();
  const isLong = (file) => longFolders.includes(file.split(path.sep)[0]);
  const lane = (wanted) => files.filter(wanted).map((file) => path.join('test/dist', file));
  const together = [lane((file) => !isLong(file)), lane((file) => isLong(file) && file !== aloneFile)];
  return [together, [lane((file) => file === aloneFile)]].map((lanes) => lanes.filter((some) => some.length > 0));
}

/** Runs mocha once a lane; the first of each list speaks as it goes, the others when they have ended. */
export async function runLanes(root, lists, { config, options, env, folder }) {
  const ended = [];
  for (const lanes of lists.filter((some) => some.length > 0)) {
    const first = ended.length;
    const runs = lanes.map((spec, n) =>
      runLane(root, { ...config, spec }, { options, env, folder, n: first + n, speaks: n === 0 }),
    );
    ended.push(...(await Promise.all(runs)));
  }
  return ended;
}

async function runLane(root, config, { options, env, folder, n, speaks }) {
  const at = (name) => path.join(folder, `${name}-${n}`);
  writeFileSync(at('mocharc.json'), JSON.stringify(config));
  const output = speaks ? 'inherit' : openSync(at('output'), 'w');
  const status = await ended(
    spawn(
      process.execPath,
      [path.join(root, 'node_modules/mocha/bin/mocha.js'), '--config', at('mocharc.json'), ...options],
      {
        cwd: root,
        env: { ...env, ROLLCALL_TEST_SUMMARY: at('summary.json') },
        stdio: ['ignore', output, output],
        timeout: patienceMinutes * 60_000,
      },
    ),
  );
  if (!speaks) await printed(at('output'));
  const none = { passed: 0, failed: 1, leftOut: [], spokeTo: {}, slowest: [] };
  const summary = existsSync(at('summary.json')) ? JSON.parse(readFileSync(at('summary.json'), 'utf8')) : none;
  return { status, summary };
}

function ended(mocha) {
  return new Promise((resolve) => {
    mocha.once('error', (error) => {
      console.error(`mocha could not be started: ${error.message}`);
      resolve(1);
    });
    mocha.once('close', (code, signal) => {
      if (signal !== null)
        console.error(
          `mocha was ended by ${signal}: a test hangs, or left something open (${patienceMinutes} minutes).`,
        );
      resolve(code ?? 1);
    });
  });
}

async function printed(file) {
  for await (const part of createReadStream(file)) process.stdout.write(part);
}

/** One summary of all lanes, and the worst exit code. */
export function joined(lanes) {
  const summary = { passed: 0, failed: 0, leftOut: [], spokeTo: {}, slowest: [] };
  for (const lane of lanes.map(({ summary }) => summary)) {
    summary.passed += lane.passed;
    summary.failed += lane.failed;
    summary.leftOut.push(...lane.leftOut);
    summary.slowest.push(...lane.slowest);
    for (const [name, tests] of Object.entries(lane.spokeTo))
      summary.spokeTo[name] = (summary.spokeTo[name] ?? 0) + tests;
  }
  summary.slowest.sort((a, b) => b.ms - a.ms);
  return { status: Math.max(...lanes.map(({ status }) => status)), summary };
}
