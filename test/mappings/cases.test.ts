import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { parseCases, runCases } from '#core/mapping/cases.js';
import { Interpreter } from '#core/mapping/interpreter.js';
import { lintMapping } from '#core/mapping/lint.js';
import { parseMapping } from '#core/mapping/mapping-file.js';
import { catalogueOf } from '#core/model/catalogue.js';

const root = new URL('../../../mappings/', import.meta.url);
const catalogue = catalogueOf();

const sources = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map(({ name }) => name);

describe('mappings', () => {
  it('has a folder for each source of this issue', () => {
    expect(sources).to.include.members(['hr-csv', 'it-export-csv']);
  });

  for (const source of sources) {
    const files = readdirSync(new URL(`${source}/`, root));
    it(`${source} says in a README where each field comes from`, () => {
      expect(files).to.include('README.md');
    });

    for (const file of files.filter((name) => /^(?:user|group)\.(?:yaml|jsonata)$/.test(name))) {
      const shown = `${source}/${file}`;
      const cases = `${source}/${file.replace(/\..*$/, '.test.yaml')}`;
      const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');
      const mapping = parseMapping(read(shown), {
        file: shown,
        evaluator: new Interpreter(),
        catalogue,
        hash: (text) => createHash('sha256').update(text).digest('hex'),
      });

      it(`${shown} lints without a finding`, () => {
        expect(lintMapping(mapping, catalogue)).to.deep.equal([]);
      });

      it(`${shown} does what its cases say, every date among them`, async () => {
        const listed = parseCases(read(cases), { file: cases });
        expect(await runCases(listed, mapping, { catalogue })).to.deep.equal([]);
        expect(new Set(listed.map(({ name }) => name)).size, 'every case has a name of its own').to.equal(
          listed.length,
        );
      });

      it(`${shown} has a case for every entry of its tables and one for a value beside them`, () => {
        const written = read(cases);
        for (const [table, entries] of Object.entries(mapping.tables)) {
          for (const key of Object.keys(entries))
            expect(written, `${table}.${key}`).to.match(new RegExp(`: '?${key}'?$`, 'm'));
          expect(written).to.include('RC_MAPPING_TABLE_MISS');
        }
      });
    }
  }
});
