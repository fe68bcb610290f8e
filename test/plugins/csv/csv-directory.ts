import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Json, JsonObject, Logger, Page, ReadRequest, RecordKind } from '@rollcall/connector-kit';
import type { Wait } from '#csv/choose.js';
import { CsvConnector } from '#csv/connector.js';
import { openPlace } from '#csv/open-place.js';
import { readSettings } from '#csv/settings.js';

/** A project folder with an inbox, gone after the test. */
export interface TestProject {
  root: string;
  spool: string;
  inbox: string;
  /** Writes a file to the inbox. */
  deliver(name: string, content: string | Buffer): string;
  remove(): void;
}

export function makeProject(): TestProject {
  const root = mkdtempSync(path.join(tmpdir(), 'rollcall-csv-'));
  const inbox = path.join(root, 'inbox');
  mkdirSync(inbox);
  return {
    root,
    spool: path.join(root, 'spool'),
    inbox,
    deliver(name, content) {
      const place = path.join(inbox, name);
      writeFileSync(place, content);
      return place;
    },
    remove() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A log line as a test sees it. */
export type LogLine = [level: string, message: string, fields?: Readonly<Record<string, unknown>>];

export interface Opened {
  connector: CsvConnector;
  log: LogLine[];
}

const FROM_INBOX: JsonObject = { from: { folder: 'inbox' }, files: { user: '*.csv' } };

/** A connector over the inbox; `wait` stands for the time between two looks at a file. */
export function openConnector(project: TestProject, settings: JsonObject = {}, wait?: Wait): Opened {
  const log: LogLine[] = [];
  const logger = Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [
      level,
      (message: string, fields?: LogLine[2]) => log.push([level, message, ...(fields ? [fields] : [])] as LogLine),
    ]),
  ) as unknown as Logger;
  const complete = readSettings({ ...FROM_INBOX, ...settings }, project);
  const place = openPlace(complete, project);
  return { connector: new CsvConnector(complete, { place, log: logger, ...(wait && { wait }) }), log };
}

/** All pages of a read, and what they hold together. */
export interface ReadResult {
  pages: Page[];
  first: Page;
  last: Page;
  ids: string[];
  accepted: Json | undefined;
}

export type RequestParts = Partial<ReadRequest>;

/** A request as the engine makes it. */
export function makeRequest(parts: RequestParts = {}): ReadRequest {
  let mark = 0;
  return {
    kinds: ['user'],
    mark: () => Promise.resolve(++mark),
    accepted: {},
    force: false,
    signal: new AbortController().signal,
    ...parts,
  };
}

export async function readAll(connector: CsvConnector, parts: RequestParts = {}): Promise<ReadResult> {
  const pages: Page[] = [];
  for await (const page of connector.readFull(makeRequest(parts))) pages.push(page);
  const [first] = pages;
  const last = pages.at(-1);
  if (first === undefined || last === undefined) throw new Error('the read gave no page');
  const ids = pages.flatMap((page) => page.observations.map(({ raw }) => raw.id as string));
  return { pages, first, last, ids, accepted: last.accepted };
}

/** What a run that accepted `result` hands to the next read. */
export function acceptedOf(result: ReadResult): Partial<Record<RecordKind, Json>> {
  return result.accepted === undefined ? {} : { [result.first.kind]: result.accepted };
}

/** The error that `run` throws; fails where it throws none. */
export async function errorOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
