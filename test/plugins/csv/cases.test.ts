import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isRollcallError, type JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { errorOf, makeProject, openConnector, readAll, type TestProject } from './csv-directory.js';

interface Expected {
  about: string;
  /** What stands under `csv` in the settings. */
  settings?: JsonObject;
  columns?: string[] | null;
  rows?: { line: number; raw: Record<string, string> }[];
  malformed?: { line: number; code: string }[];
  warnings?: string[];
  error?: { code: string; exitCode: number; where: Record<string, unknown> };
}

/** A case is a folder with the file and what must come of it. */
const CASES = fileURLToPath(new URL('../../../plugins/csv/cases/', import.meta.url));

describe('plugins/csv: cases', () => {
  let project: TestProject;

  beforeEach(() => {
    project = makeProject();
  });

  afterEach(() => {
    project.remove();
  });

  for (const name of readdirSync(CASES).filter((entry) => !entry.startsWith('.'))) {
    const expected = JSON.parse(readFileSync(`${CASES}${name}/expected.json`, 'utf8')) as Expected;

    it(`${name}: ${expected.about}`, async () => {
      project.deliver('input.csv', readFileSync(`${CASES}${name}/input.csv`));
      const { connector } = openConnector(project, expected.settings ? { csv: expected.settings } : {});
      if (expected.error !== undefined) {
        const error = await errorOf(() => readAll(connector));
        if (!isRollcallError(error)) throw error;
        const { code, exitCode, where, mend } = error;
        expect({ code, exitCode, where }).to.deep.equal(expected.error);
        expect(mend).to.match(/^[A-Z].+\.$/);
        return;
      }
      const { first, last, pages } = await readAll(connector);
      expect(pages).to.have.length(1);
      expect(first.columns ?? null).to.deep.equal(expected.columns);
      expect(first.observations.map(({ raw, position }) => ({ line: position?.line, raw }))).to.deep.equal(
        expected.rows,
      );
      expect(first.malformed?.map(({ code, position }) => ({ line: position.line, code }))).to.deep.equal(
        expected.malformed,
      );
      expect(first.warnings?.map(({ code }) => code)).to.deep.equal(expected.warnings);
      expect(last.complete).to.have.length(1);
    });
  }
});
