import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonObject, RecordKind } from '@rollcall/connector-kit';
import type { PopulatedSource, SourceHooks } from '@rollcall/connector-kit/conformance';

/** People and groups in two CSV files. */
export interface CsvSource extends PopulatedSource {
  /** Where the files are on this machine. */
  folder: string;
  rows: Record<RecordKind, string[]>;
}

const HEADER = 'id,name,city';
const IDS = { user: ['E1', 'E2', 'E3', 'E4'], group: ['G1', 'G2', 'G3'] };

/** Writes the files to `folder`, by which `from` reads. */
export function populate(folder: string, from: JsonObject, settings: JsonObject = {}): CsvSource {
  const root = mkdtempSync(path.join(tmpdir(), 'rollcall-conformance-'));
  const source: CsvSource = {
    folder,
    project: { root, spool: path.join(root, 'spool') },
    settings: { from, files: { user: 'users-*.csv', group: 'groups-*.csv' }, ready: { stableSeconds: 0 }, ...settings },
    ids: IDS,
    rows: { user: IDS.user.map(rowOf), group: IDS.group.map(rowOf) },
    remove() {
      rmSync(root, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
  write(source, 'user');
  write(source, 'group');
  return source;
}

function rowOf(id: string): string {
  return `${id},"Name of ${id}",Berlin`;
}

function write(source: CsvSource, kind: RecordKind, header = HEADER): void {
  writeFileSync(path.join(source.folder, `${kind}s-2026.csv`), `${[header, ...source.rows[kind]].join('\n')}\n`);
}

/** Changes the rows of a kind and writes its file again. */
function edit(change: (rows: string[], id: string) => string[]) {
  return (source: CsvSource, kind: RecordKind, id = ''): Promise<void> => {
    source.rows[kind] = change(source.rows[kind], id);
    write(source, kind);
    return Promise.resolve();
  };
}

const reverse = edit((rows) => rows.toReversed());

/** What can be done to the files. */
export const csvHooks: Required<Omit<SourceHooks<CsvSource>, 'forgetChanges'>> = {
  async reorder(source) {
    await reverse(source, 'user');
    await reverse(source, 'group');
  },
  change: edit((rows, id) => rows.map((row) => (row.startsWith(`${id},`) ? `${id},Another,Kiel` : row))),
  withdraw: edit((rows, id) => rows.filter((row) => !row.startsWith(`${id},`))),
  spoil: edit((rows) => rows.toSpliced(1, 0, 'E9,one cell too few')),
  poison(source, kind) {
    write(source, kind, 'id,__proto__,city');
    return Promise.resolve();
  },
  breakDown(source) {
    renameSync(source.folder, `${source.folder}-gone`);
    rmSync(`${source.folder}-gone`, { recursive: true });
    return Promise.resolve();
  },
};

/** A new folder of this machine. */
export function makeFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-conformance-in-'));
  mkdirSync(folder, { recursive: true });
  return folder;
}
