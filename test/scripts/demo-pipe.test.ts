import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run-script.js';

const helper = path.join(root, 'examples/demo/end-quietly.mjs');

/** Tells a story without end to a reader that goes away after the first line. */
async function tellUntilNobodyReads(program: string): Promise<{ exitCode: number | null; stderr: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stderr };
}

const STORY = `setInterval(() => console.log('a line of the story'), 5); setTimeout(() => process.exit(7), 20000);`;

describe('examples/demo', () => {
  it('ends with 0 and no word when its reader goes away', async () => {
    const program = `import { endQuietlyWhenNobodyReads } from ${JSON.stringify(pathToFileURL(helper).href)};
      endQuietlyWhenNobodyReads(); ${STORY}`;
    expect(await tellUntilNobodyReads(program)).to.deep.equal({ exitCode: 0, stderr: '' });
  });

  it('listens before it says anything', () => {
    const main = readFileSync(path.join(root, 'examples/demo/main.mjs'), 'utf8');
    expect(main.indexOf('\nendQuietlyWhenNobodyReads();')).to.be.within(0, main.indexOf('\nawait orSayWhy('));
  });
});
