import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { commandReference } from '#cli/docs.js';

const page = fileURLToPath(new URL('../../../docs/reference/cli.md', import.meta.url));

describe('cli/docs', () => {
  it('is written down as it is (npm run docs -w rollcall)', async () => {
    expect(await readFile(page, 'utf8')).to.equal(await commandReference());
  });
});
