/**
 * Mocha's spec reporter, which also leaves out the suites whose server is missing (`usesServer` marks them) and writes
 * what `npm test` says at its end into the file that ROLLCALL_TEST_SUMMARY names.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const NEEDS_SERVER = Symbol.for('rollcall.test.needs-server');
const REGISTRY = Symbol.for('rollcall.test.servers');
const slowestShown = 5;

function neededServer(suite, missing) {
  return suite._beforeAll.map((hook) => hook.fn[NEEDS_SERVER]).find((name) => missing.has(name));
}

function leaveOut(suite, missing, leftOut) {
  suite.suites = suite.suites.filter((child) => {
    const server = neededServer(child, missing);
    if (server === undefined) {
      leaveOut(child, missing, leftOut);
      return true;
    }
    child.eachTest((test) => leftOut.push({ server, title: test.fullTitle() }));
    return false;
  });
}

export default class TestReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    const missing = new Set((process.env.ROLLCALL_TEST_WITHOUT ?? '').split(',').filter(Boolean));
    const leftOut = [];
    leaveOut(runner.suite, missing, leftOut);
    super(runner, options);
    const timed = [];
    runner.on('pass', (test) => timed.push({ title: test.fullTitle(), ms: test.duration ?? 0 }));
    runner.once('end', () => {
      const { spokeTo } = globalThis[REGISTRY] ?? { spokeTo: new Map() };
      const summary = {
        passed: runner.stats.passes,
        failed: runner.stats.failures,
        leftOut,
        spokeTo: Object.fromEntries([...spokeTo].map(([name, tests]) => [name, tests.size])),
        slowest: timed.sort((a, b) => b.ms - a.ms).slice(0, slowestShown),
      };
      if (process.env.ROLLCALL_TEST_SUMMARY) writeFileSync(process.env.ROLLCALL_TEST_SUMMARY, JSON.stringify(summary));
    });
  }
}
