import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { parseCases, runCases } from '#core/mapping/cases.js';
import { CompiledEvaluator } from '#core/mapping/compiled-evaluator.js';
import { lintMapping } from '#core/mapping/lint.js';
import { parseMapping, type CompiledMapping } from '#core/mapping/mapping-file.js';
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

  const compile = (text: string, file: string): CompiledMapping =>
    parseMapping(text, {
      file,
      evaluator: new CompiledEvaluator(),
      catalogue,
      hash: (input) => createHash('sha256').update(input).digest('hex'),
    });

  it('field failure 25: a termination date filled with the hire date does not pass', async () => {
    const text = readFileSync(new URL('hr-csv/user.yaml', root), 'utf8');
    const wrong = text.replace(/(employment.endDate: ).*/, '$1hire_date');
    expect(wrong).not.to.equal(text);
    const cases = parseCases(readFileSync(new URL('hr-csv/user.test.yaml', root), 'utf8'), { file: 'user.test.yaml' });
    const findings = await runCases(cases, compile(wrong, 'user.yaml'), { catalogue });
    expect(findings.filter(({ message }) => message.includes('employment.endDate is "2019-05-01"'))).to.have.length(1);
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
      const mapping = compile(read(shown), shown);

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

      for (const attribute of mapping.attributes.keys()) {
        it(`${shown} cannot lose ${attribute} without a case that fails`, async () => {
          const line = new RegExp(`^( {2}${attribute.replace('.', '\\.')}: ).*$`, 'm');
          const listed = parseCases(read(cases), { file: cases });
          for (const other of ['null', 'nothing']) {
            const changed = compile(read(shown).replace(line, `$1${other}`), shown);
            expect(changed.attributes.get(attribute)?.text).to.equal(other);
            expect(await runCases(listed, changed, { catalogue }), other).not.to.be.empty;
          }
        });
      }

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
