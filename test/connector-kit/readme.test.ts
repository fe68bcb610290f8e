import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WHAT_HAPPENS_NEXT } from '@rollcall/connector-kit';
import { expect } from 'chai';

const README = readFileSync(fileURLToPath(new URL('../../../connector-kit/README.md', import.meta.url)), 'utf8');

describe('connector-kit/README', () => {
  it('shows the errors as the table in the code has them', () => {
    const words = { ask: 'ask a person', retry: 'retry', resync: 'full snapshot', stop: 'stop' };
    const rows = README.split('\n').flatMap((line) => {
      const [, name, code, exitCode, next] = line.split('|').map((cell) => cell.replaceAll('`', '').trim());
      return code?.startsWith('RC_') === true ? [[name, code, Number(exitCode), next]] : [];
    });
    expect(rows).to.deep.equal(
      Object.entries(WHAT_HAPPENS_NEXT).map(([name, { code, exitCode, next }]) => [name, code, exitCode, words[next]]),
    );
  });
});
