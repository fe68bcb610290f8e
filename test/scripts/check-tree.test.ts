import { expect } from 'chai';
import path from 'node:path';
import { root, runScript, Scratch } from './run-script.js';

const script = path.join(root, 'scripts/check-tree.mjs');

/** Put together from parts, so that this file itself is no breach. */
const breaches: [what: string, file: string, ...parts: string[]][] = [
  ['a machine path', 'a.md', 'see /', 'work/main'],
  ['a home directory', 'a.ts', "const home = '/", "home/ada/x';"],
  ['the host of a package registry', 'a.json', '"https://registry', '.npmjs.org/x"'],
  ['an address in the lockfile', 'package-lock.json', '"resolved": "', 'https://example.com/x.tgz"'],
];

describe('scripts/check-tree', () => {
  for (const [what, file, ...parts] of breaches) {
    it(`finds ${what}, with file and line`, () => {
      const scratch = new Scratch();
      scratch.write(file, `first line\n${parts.join('')}\n`);
      const { code, err } = runScript(script, [scratch.folder]);
      expect(code).to.equal(1);
      expect(err).to.include(`${file}:2: ${what}`);
      scratch.remove();
    });
  }

  it('passes over what only looks alike', () => {
    const scratch = new Scratch();
    scratch.write(
      'a.ts',
      "registry.asked.has(name); // https://example.com/work/order, root:x:0:0:root:/root:/bin/bash, './home/x/'",
    );
    scratch.write('package-lock.json', '  "resolved": "plugins/csv",');
    expect(runScript(script, [scratch.folder])).to.deep.equal({ code: 0, out: '', err: '' });
    scratch.remove();
  });

  it('finds nothing in this project', () => {
    expect(runScript(script, [])).to.deep.equal({ code: 0, out: '', err: '' });
  });
});
