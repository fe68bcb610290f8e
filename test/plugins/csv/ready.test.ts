import { createHash } from 'node:crypto';
import { appendFileSync, rmSync, utimesSync } from 'node:fs';
import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { acceptedOf, errorOf, makeProject, openConnector, readAll, type TestProject } from './csv-directory.js';

const ADA = 'id,name\nE1,Ada\n';
const BOB = 'id,name\nE2,Bob\n';
const MANIFEST: JsonObject = { ready: { manifest: '{file}.json' } };
const MARKER: JsonObject = { ready: { marker: '{file}.done' } };

/** A signal that is asked before each step of a read: a place to do something in the middle of it. */
function duringRead(act: () => void, step = 6): AbortSignal {
  let steps = 0;
  return new Proxy(new AbortController().signal, {
    get(target, key) {
      if (key === 'throwIfAborted' && ++steps === step) act();
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('plugins/csv: when a file is whole', () => {
  let project: TestProject;

  beforeEach(() => {
    project = makeProject();
  });

  afterEach(() => {
    project.remove();
  });

  function manifest(name: string, content: JsonObject): void {
    project.deliver(`${name}.json`, JSON.stringify(content));
  }

  async function refusal(accepted: Parameters<typeof readAll>[1] = {}): Promise<unknown> {
    return errorOf(() => readAll(openConnector(project, MANIFEST).connector, accepted));
  }

  describe('by standing still', () => {
    const settings = { ready: { stableSeconds: 30 } };

    it('reads a file that two looks find the same, with the time between them', async () => {
      project.deliver('a.csv', ADA);
      const waits: number[] = [];
      const { connector } = openConnector(project, settings, (ms) => {
        waits.push(ms);
        return Promise.resolve();
      });
      expect((await readAll(connector)).ids).to.deep.equal(['E1']);
      expect(waits).to.deep.equal([30_000]);
    });

    it('does not wait in a folder when nothing else is said', async () => {
      project.deliver('a.csv', ADA);
      const { connector } = openConnector(project, {}, () => Promise.reject(new Error('waited')));
      expect((await readAll(connector)).ids).to.deep.equal(['E1']);
    });

    it('does not wait for the file that was accepted last', async () => {
      project.deliver('a.csv', ADA);
      const accepted = acceptedOf(await readAll(openConnector(project).connector));
      const { connector } = openConnector(project, settings, () => Promise.reject(new Error('waited')));
      expect((await readAll(connector, { accepted })).first.source?.alreadyAccepted).to.equal(true);
    });

    it('passes over a file that grows, and reads the one before it', async () => {
      project.deliver('a.csv', ADA);
      const place = project.deliver('b.csv', 'id,name\n');
      const { connector } = openConnector(project, settings, () => {
        appendFileSync(place, 'E2,Bob\n');
        return Promise.resolve();
      });
      const { first } = await readAll(connector);
      expect(first.source?.file).to.equal('a.csv');
      expect(first.warnings?.map(({ code }) => code)).to.deep.equal(['RC_FILE_NOT_READY']);
      expect(first.warnings?.[0]?.message).to.include('b.csv');
    });

    it('passes over a file whose time changes', async () => {
      const place = project.deliver('a.csv', ADA);
      const { connector } = openConnector(project, settings, () => {
        utimesSync(place, 1, 1);
        return Promise.resolve();
      });
      const error = await errorOf(() => readAll(connector));
      expect(error).to.include({ code: 'RC_FILE_NOT_READY', exitCode: 69 });
    });

    it('passes over a file that vanishes', async () => {
      const place = project.deliver('a.csv', ADA);
      const { connector } = openConnector(project, settings, () => {
        rmSync(place);
        return Promise.resolve();
      });
      expect(await errorOf(() => readAll(connector))).to.include({ code: 'RC_FILE_NOT_READY', exitCode: 69 });
    });

    it('stops waiting when it is told to', async () => {
      project.deliver('a.csv', ADA);
      const { connector } = openConnector(project, { ready: { stableSeconds: 3600 } });
      const controller = new AbortController();
      const mark = (): Promise<number> => {
        setImmediate(() => {
          controller.abort();
        });
        return Promise.resolve(1);
      };
      const error = await errorOf(() => readAll(connector, { mark, signal: controller.signal }));
      expect(error).to.have.property('name', 'AbortError');
    });
  });

  describe('by a marker', () => {
    it('reads a file whose marker is there, and never the marker', async () => {
      project.deliver('a.csv', ADA);
      project.deliver('a.csv.done', '');
      const { connector } = openConnector(project, { ...MARKER, files: { user: '*' } });
      expect((await readAll(connector)).first.source?.file).to.equal('a.csv');
    });

    it('keeps to the accepted file while a marker is missing, and says so', async () => {
      project.deliver('a.csv', ADA);
      project.deliver('a.csv.done', '');
      const accepted = acceptedOf(await readAll(openConnector(project, MARKER).connector));
      project.deliver('b.csv', BOB);
      const { first } = await readAll(openConnector(project, MARKER).connector, { accepted });
      expect(first.source).to.include({ file: 'a.csv', alreadyAccepted: true });
      expect(first.warnings?.map(({ code }) => code)).to.deep.equal(['RC_FILE_NOT_READY']);
    });

    it('does not take the marker of an earlier upload for that of this one', async () => {
      const place = project.deliver('a.csv', ADA);
      const marker = project.deliver('a.csv.done', '');
      utimesSync(marker, 1000, 1000);
      utimesSync(place, 2000, 2000);
      const error = await errorOf(() => readAll(openConnector(project, MARKER).connector));
      expect(error).to.include({ code: 'RC_FILE_NOT_READY', exitCode: 69 });
    });
  });

  describe('by a manifest', () => {
    const whole = { bytes: ADA.length, rows: 1, sha256: createHash('sha256').update(ADA).digest('hex') };

    it('reads a file that is what its manifest says', async () => {
      project.deliver('a.csv', ADA);
      manifest('a.csv', { ...whole, file: 'a.csv', generatedAt: '2026-03-09T02:00:00Z', number: 7, full: true });
      const { ids, accepted } = await readAll(openConnector(project, MANIFEST).connector);
      expect(ids).to.deep.equal(['E1']);
      expect(accepted).to.include({ file: 'a.csv', generatedAt: '2026-03-09T02:00:00Z', number: 7 });
    });

    it('waits for the manifest', async () => {
      project.deliver('a.csv', ADA);
      expect(await refusal()).to.include({ code: 'RC_FILE_NOT_READY', exitCode: 69 });
    });

    const mismatches: [string, JsonObject, string][] = [
      ['another name', { file: 'b.csv' }, 'RC_FILE_MANIFEST_MISMATCH'],
      ['fewer bytes than the manifest says', { bytes: ADA.length + 1 }, 'RC_FILE_TRUNCATED'],
      ['more bytes than the manifest says', { bytes: ADA.length - 1 }, 'RC_FILE_MANIFEST_MISMATCH'],
      ['another number of rows', { rows: 2 }, 'RC_FILE_MANIFEST_MISMATCH'],
      ['another content', { sha256: '0'.repeat(64) }, 'RC_FILE_MANIFEST_MISMATCH'],
      ['only what changed', { full: false }, 'RC_FILE_PARTIAL'],
      ['a manifest with a wrong type', { bytes: '15' }, 'RC_FILE_MANIFEST_INVALID'],
      ['a manifest with no date for a date', { generatedAt: 'yesterday' }, 'RC_FILE_MANIFEST_INVALID'],
    ];
    for (const [what, content, code] of mismatches) {
      it(`refuses a file with ${what}`, async () => {
        project.deliver('a.csv', ADA);
        manifest('a.csv', { ...whole, ...content });
        expect(await refusal()).to.include({ code, exitCode: 1 });
      });
    }

    for (const text of ['{"bytes":', '[]', 'null']) {
      it(`refuses the manifest ${text}`, async () => {
        project.deliver('a.csv', ADA);
        project.deliver('a.csv.json', text);
        expect(await refusal()).to.include({ code: 'RC_FILE_MANIFEST_INVALID', exitCode: 1 });
      });
    }

    it('refuses a manifest that is none by its length', async () => {
      project.deliver('a.csv', ADA);
      project.deliver('a.csv.json', `{}${' '.repeat(1024 * 1024)}`);
      expect(await refusal()).to.include({ code: 'RC_FILE_MANIFEST_INVALID', exitCode: 1 });
    });

    const ages: [string, JsonObject, JsonObject, boolean][] = [
      ['an earlier date', { generatedAt: '2026-03-09T02:00:00Z' }, { generatedAt: '2026-03-09T01:59:59Z' }, true],
      [
        'an earlier date in another zone',
        { date: '2026-03-09T02:00:00+02:00' },
        { date: '2026-03-08T23:00:00Z' },
        true,
      ],
      ['a lower number', { number: 7 }, { number: 6 }, true],
      ['a lower sequence', { sequence: 7 }, { sequence: 6 }, true],
      ['a later date and a lower number', { date: '2026-03-09', number: 7 }, { date: '2026-03-10', number: 6 }, true],
      ['the same date', { generatedAt: '2026-03-09T02:00:00Z' }, { generatedAt: '2026-03-09T02:00:00Z' }, false],
      ['a later date', { generatedAt: '2026-03-09T02:00:00Z' }, { generatedAt: '2026-03-09T03:00:00+01:00' }, false],
      ['a higher number', { number: 9 }, { number: 10 }, false],
      ['nothing to compare', { number: 9 }, { generatedAt: '2020-01-01' }, false],
    ];
    for (const [what, before, now, isStale] of ages) {
      it(`${isStale ? 'refuses' : 'reads'} a newer name with ${what}`, async () => {
        project.deliver('a.csv', ADA);
        manifest('a.csv', before);
        const accepted = acceptedOf(await readAll(openConnector(project, MANIFEST).connector));
        project.deliver('b.csv', BOB);
        manifest('b.csv', now);
        if (isStale) {
          const error = await refusal({ accepted });
          expect(error).to.include({ code: 'RC_FILE_STALE', exitCode: 1 });
          expect(error).to.have.nested.property('where.file', 'b.csv');
        } else {
          const { ids } = await readAll(openConnector(project, MANIFEST).connector, { accepted });
          expect(ids).to.deep.equal(['E2']);
        }
      });
    }
  });

  describe('while it is read', () => {
    it('passes over a file that changes during the first pass', async () => {
      project.deliver('a.csv', ADA);
      const place = project.deliver('b.csv', `id,name\n${'E2,Bob\n'.repeat(20_000)}`);
      const signal = duringRead(() => {
        appendFileSync(place, 'E3,Eve\n');
      });
      const { first } = await readAll(openConnector(project).connector, { signal });
      expect(first.source?.file).to.equal('a.csv');
      expect(first.warnings?.[0]?.message).to.include('changed while it was read');
    });

    it('passes over a file that looked damaged because it was half there', async () => {
      project.deliver('a.csv', ADA);
      const place = project.deliver('b.csv', `id,name\n${'E2,Bob\n'.repeat(20_000)}E3,"E`);
      const signal = duringRead(() => {
        appendFileSync(place, 've"\n');
      });
      const { first } = await readAll(openConnector(project).connector, { signal });
      expect(first.source?.file).to.equal('a.csv');
    });

    it('passes over a file that changed between the look and the read', async () => {
      project.deliver('a.csv', ADA);
      const place = project.deliver('b.csv', BOB);
      const { connector } = openConnector(project, { ready: { manifest: '{file}.json' } });
      project.deliver('a.csv.json', '{}');
      project.deliver('b.csv.json', '{}');
      const signal = duringRead(() => {
        appendFileSync(place, 'E3,Eve\n');
      }, 2);
      const { first } = await readAll(connector, { signal });
      expect(first.source?.file).to.equal('a.csv');
      expect(first.warnings?.[0]?.message).to.include('changed while it was read');
    });

    it('ends a read whose file changes during the second pass, before it says that it is whole', async () => {
      const place = project.deliver('a.csv', `id,name\n${'E2,Bob\n'.repeat(20_000)}`);
      let pages = 0;
      const read = async (): Promise<void> => {
        const { connector } = openConnector(project);
        const request = { kinds: ['user'] as const, mark: () => Promise.resolve(1), accepted: {}, force: false };
        for await (const page of connector.readFull({ ...request, signal: new AbortController().signal })) {
          expect(page).not.to.have.property('complete');
          if (++pages === 1) appendFileSync(place, 'E3,Eve\n');
        }
      };
      expect(await errorOf(read)).to.include({ code: 'RC_FILE_CHANGED', exitCode: 69 });
      expect(pages).to.be.greaterThan(1);
    });
  });
});
