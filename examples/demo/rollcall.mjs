/** Runs the built command line and returns its JSON document. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const binary = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../cli/bin/run.js');

/** @param expected - exit codes that are no failure of the demo. */
export async function rollcall(args, { project, now, expected = [0] }) {
  const env = { ...process.env, ROLLCALL_NOW: now };
  const child = spawn(process.execPath, [binary, ...args, '--json'], {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  if (!expected.includes(code)) throw new Error(`rollcall ${args.join(' ')} ended with ${code}:\n${out || err}`);
  return JSON.parse(out);
}

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}
