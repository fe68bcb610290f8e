import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { shellLine, shellWord } from '#cli/render/shell-word.js';

const WORDS = [
  'plain',
  'hr:E1001',
  'a b',
  `x/with space 'q"`,
  '$HOME',
  '`id`',
  'back\\slash',
  '!!',
  '',
  '…',
  '~',
  'né',
];

describe('cli/render/shell-word', () => {
  it('leaves alone what needs no quotes', () => {
    for (const word of ['users', '--json', 'hr:E1001', 'email=ada@acme.example', 'a/b_c.yaml', 'Zoë'])
      expect(shellWord(word)).to.equal(word);
    expect(shellLine('rollcall', 'apply', '--project', 'two words')).to.equal('rollcall apply --project "two words"');
  });

  it('writes each word so that a shell reads the very same one', () => {
    const read = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${shellLine(...WORDS)}`], { encoding: 'utf8' });
    expect(read.split('\n').slice(0, -1)).to.deep.equal(WORDS);
  });
});
