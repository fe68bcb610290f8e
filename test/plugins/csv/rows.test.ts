import { isRollcallError, type JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import fc from 'fast-check';
import type { OpenFile } from '#csv/file-place.js';
import { inspect, type Inspection } from '#csv/inspect.js';
import { readRows } from '#csv/rows.js';
import { makeProject, openConnector, readAll, type TestProject } from './csv-directory.js';

const signal = new AbortController().signal;
const FORM = { quote: '"' };

/** A file that comes in pieces of a given size. */
function inPieces(content: Buffer, size: number): OpenFile {
  return {
    name: 'file.csv',
    size: content.length,
    modifiedMs: 0,
    // eslint-disable-next-line @typescript-eslint/require-await -- the pieces are there already
    async *chunks() {
      for (let from = 0; from < content.length; from += size) yield Buffer.from(content.subarray(from, from + size));
    },
    isUnchanged: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
}

interface Rows {
  rows: { line: number | undefined; cells: unknown[] }[];
  malformed: string[];
}

async function rowsOf(file: OpenFile, form: Inspection): Promise<Rows> {
  const found: Rows = { rows: [], malformed: [] };
  for await (const { observations, malformed } of readRows(file, form, signal)) {
    for (const { raw, position } of observations) found.rows.push({ line: position?.line, cells: Object.values(raw) });
    for (const { code, position } of malformed) found.malformed.push(`${code} ${position.line ?? 0}`);
  }
  // The parser looks ahead before it answers, the scanner does not: rows of the two kinds come in no order.
  found.malformed.sort();
  return found;
}

async function read(content: Buffer, size: number): Promise<Rows & { form: Inspection }> {
  const file = inPieces(content, size);
  const form = await inspect(file, FORM, signal);
  return { form, ...(await rowsOf(file, form)) };
}

const cell = fc.string({ unit: fc.constantFrom('a', 'é', '👩', '"', ',', ';', ' ', '\n', '\r', '\r\n', "'") });
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

function written(value: string, isQuoted: boolean): string {
  return isQuoted || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function lineBreaksIn(text: string): number {
  return text.split(/\r\n|\n|\r/).length - 1;
}

describe('plugins/csv/rows', () => {
  it('reads back what was written, with the line of each row, in whatever pieces it comes', async () => {
    const row = fc.tuple(fc.array(cell, { minLength: 3, maxLength: 3 }), fc.boolean(), lineEnd);
    await fc.assert(
      fc.asyncProperty(fc.array(row), fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        let text = 'one,two,three\n';
        const expected: Rows['rows'] = [];
        for (const [cells, isQuoted, end] of rows) {
          expected.push({ line: 1 + lineBreaksIn(text), cells });
          text += cells.map((value) => written(value, isQuoted)).join(',') + end;
        }
        const { rows: found, malformed } = await read(Buffer.from(text), size);
        expect(found).to.deep.equal(expected);
        expect(malformed).to.deep.equal([]);
      }),
    );
  });

  it('gives the same answer in whatever pieces a file comes, and counts every row of it', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '"', ',', '\n', '\r', 'é'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (body, size) => {
        const content = Buffer.from(`one,two\n${body}`);
        const answer = async (pieces: number): Promise<unknown> => {
          try {
            const { form, ...rest } = await read(content, pieces);
            expect(rest.rows.length + rest.malformed.length).to.equal(form.rows);
            return { form, ...rest };
          } catch (error) {
            if (!isRollcallError(error)) throw error;
            return [error.code, error.where];
          }
        };
        expect(await answer(size)).to.deep.equal(await answer(content.length));
      }),
      { numRuns: 300 },
    );
  });

  it('tells of a row that is too large, and reads those behind it', async () => {
    const huge = 'x'.repeat(1024 * 1024);
    const content = Buffer.from(`id,name\nE1,Ada\nE2,${huge}\nE3,Eve\nE4,"${huge}\n${huge}"\nE5,Fay\n`);
    const { rows, malformed } = await read(content, 64 * 1024);
    expect(rows.map(({ line, cells }) => [line, cells[0]])).to.deep.equal([
      [2, 'E1'],
      [4, 'E3'],
      [7, 'E5'],
    ]);
    expect(malformed).to.deep.equal(['RC_ROW_TOO_LARGE 3', 'RC_ROW_TOO_LARGE 5']);
  });

  it('reads a row that is as large as a row may be', async () => {
    const big = 'x'.repeat(1024 * 1024 - 5);
    const { rows } = await read(Buffer.from(`id,name\nE1,${big}\nE2,Bob\n`), 32 * 1024);
    expect(rows.map(({ cells }) => cells[0])).to.deep.equal(['E1', 'E2']);
    expect(rows[0]?.cells[1]).to.have.length(big.length);
  });

  it('refuses a header that is longer than any row may be', async () => {
    const file = inPieces(Buffer.from(`id,${'x'.repeat(1024 * 1024 + 100)}\n`), 32 * 1024);
    const error: unknown = await inspect(file, FORM, signal).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'RC_FILE_HEADER_UNREADABLE', exitCode: 1 });
  });

  describe('pages', () => {
    let project: TestProject;

    beforeEach(() => {
      project = makeProject();
    });

    afterEach(() => {
      project.remove();
    });

    it('holds at most a thousand records each, the columns on the first, the proof on the last', async () => {
      const rows = Array.from({ length: 2500 }, (_, index) => `E${index},"Name\nof ${index}"`);
      project.deliver('a.csv', `id,name\n${rows.join('\n')}\n`);
      const { pages, first, last, ids } = await readAll(openConnector(project).connector);
      expect(pages.map(({ observations }) => observations.length)).to.deep.equal([1000, 1000, 500]);
      expect(ids).to.deep.equal(rows.map((row) => row.split(',')[0]));
      expect(pages.flatMap((page) => page.observations.map(({ position }) => position?.line))).to.deep.equal(
        rows.map((_, index) => 2 + 2 * index),
      );
      expect(first.columns).to.deep.equal(['id', 'name']);
      expect(first.source).to.have.property('file', 'a.csv');
      expect(last.complete).to.deep.equal([{ kind: 'user', scope: '*', proof: last.complete?.[0]?.proof }]);
      for (const page of pages.slice(1)) expect(page).not.to.have.any.keys('columns', 'source', 'warnings');
      for (const page of pages.slice(0, -1)) expect(page).not.to.have.any.keys('complete', 'accepted');
      expect(new Set(pages.map(({ begin }) => begin))).to.deep.equal(new Set([1]));
    });

    it('holds at most a thousand rows that cannot be read each', async () => {
      project.deliver('a.csv', `id,name\n${'E1\n'.repeat(2500)}`);
      const { pages } = await readAll(openConnector(project).connector);
      expect(pages.map(({ malformed }) => malformed?.length)).to.deep.equal([1000, 1000, 500]);
    });

    it('tells how far it is', async () => {
      project.deliver('a.csv', `id,name\n${'E1,Ada\n'.repeat(30_000)}`);
      const told: [number, number | undefined][] = [];
      await readAll(openConnector(project).connector, {
        progress: (done, total) => told.push([done, total]),
      });
      expect(told.length).to.be.greaterThan(2);
      expect(told.at(-1)).to.deep.equal([30_000, 30_000]);
      expect(told.map(([done]) => done)).to.deep.equal(told.map(([done]) => done).sort((a, b) => a - b));
    });
  });

  describe('fingerprints', () => {
    async function printsOf(text: string): Promise<Map<unknown, string | undefined>> {
      const file = inPieces(Buffer.from(text), 1024);
      const form = await inspect(file, FORM, signal);
      const prints = new Map<unknown, string | undefined>();
      for await (const { observations } of readRows(file, form, signal)) {
        for (const { raw, hash } of observations) prints.set((raw as JsonObject & { id: string }).id, hash);
      }
      return prints;
    }

    it('are the same for the same cells, whatever the order of rows, the quotes and the line ends', async () => {
      const one = await printsOf('id,name\nE1,Ada\nE2,Bob\n');
      const other = await printsOf('"id","name"\r\n"E2","Bob"\r\n"E1",Ada\r\n');
      expect([...one].sort()).to.deep.equal([...other].sort());
      expect(one.get('E1')).to.match(/^[0-9a-f]{32}$/);
    });

    it('differ for other cells, another order of columns, and other names', async () => {
      const prints = [
        await printsOf('id,name\nE1,Ada\n'),
        await printsOf('id,name\nE1,Eve\n'),
        await printsOf('name,id\nAda,E1\n'),
        await printsOf('id,login\nE1,Ada\n'),
      ].map((found) => found.get('E1'));
      expect(new Set(prints).size).to.equal(prints.length);
    });

    it('do not confuse text that moved from one cell to the next', async () => {
      const one = await printsOf('id,name,city\nE1,ab,c\n');
      const other = await printsOf('id,name,city\nE1,a,bc\n');
      expect(one.get('E1')).not.to.equal(other.get('E1'));
    });
  });
});
