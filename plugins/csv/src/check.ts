import {
  isRollcallError,
  type CheckReport,
  type CheckStep,
  type JsonObject,
  type RecordKind,
} from '@rollcall/connector-kit';
import { candidates } from './choose.js';
import { missingFile } from './file-errors.js';
import type { FilePlace, ListedFile, OpenFile } from './file-place.js';
import { inspect, type Inspection } from './inspect.js';
import { readRows } from './rows.js';
import type { CsvSettings } from './settings.js';

const SAMPLE_SIZE = 10;

/** Looks at a directory step by step, as a person who sets it up would; the first step that fails ends it. */
export async function checkPlace(place: FilePlace, settings: CsvSettings, signal: AbortSignal): Promise<CheckReport> {
  const report: Report = { steps: [], sample: [] };
  const connected = await step(report, 'reach and log in', async () => place.connect(signal));
  if (connected === undefined) return report;
  const listed = await step(report, 'list the folder', async () => {
    const files = await place.list(signal);
    return { value: files, message: `${files.length} files in ${place.label}` };
  });
  if (listed === undefined) return report;
  for (const [kind, pattern] of Object.entries(settings.files)) {
    if (!(await checkKind(report, { place, settings, listed, signal }, kind as RecordKind, pattern))) break;
  }
  return report;
}

interface Report {
  steps: CheckStep[];
  sample: { kind: RecordKind; raw: JsonObject }[];
}

interface Looked {
  place: FilePlace;
  settings: CsvSettings;
  listed: readonly ListedFile[];
  signal: AbortSignal;
}

async function checkKind(report: Report, looked: Looked, kind: RecordKind, pattern: string): Promise<boolean> {
  const { place, settings, listed, signal } = looked;
  const chosen = await step(report, `choose the file of kind ${kind}`, () => {
    const [newest] = candidates(listed, pattern, settings.ready);
    if (newest === undefined) throw missingFile(place.label, pattern);
    return Promise.resolve({ value: newest, message: `${newest.name}, ${newest.size} bytes` });
  });
  if (chosen === undefined) return false;
  const open = await step(report, `read ${chosen.name}`, async () => {
    return { value: await place.open(chosen, signal), message: 'readable' };
  });
  if (open === undefined) return false;
  try {
    return await checkFile(report, looked, kind, open);
  } finally {
    await open.close();
  }
}

async function checkFile(
  report: Report,
  { settings, signal }: Looked,
  kind: RecordKind,
  open: OpenFile,
): Promise<boolean> {
  const form = await step(report, `header of ${open.name}`, async () => {
    const value = await inspect(open, settings.csv, signal);
    return { value, message: describe(value) };
  });
  if (form === undefined) return false;
  const sampled = await step(report, `sample of ${open.name}`, async () => {
    const value = await sample(open, form, signal);
    report.sample.push(...value.map((raw) => ({ kind, raw })));
    return { value, message: `${value.length} of ${form.rows} records` };
  });
  return sampled !== undefined;
}

function describe(form: Inspection): string {
  const delimiter = form.delimiter === '\t' ? 'tab' : form.delimiter;
  const notes = form.warnings.map(({ message }) => ` ${message}`).join('');
  return `${form.header.length} columns (${form.header.join(', ')}), delimiter ${delimiter}, ${form.encoding}.${notes}`;
}

async function sample(open: OpenFile, form: Inspection, signal: AbortSignal): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for await (const { observations } of readRows(open, form, signal)) {
    found.push(...observations.slice(0, SAMPLE_SIZE - found.length).map(({ raw }) => raw));
    if (found.length === SAMPLE_SIZE) break;
  }
  return found;
}

/** Runs a step and writes it down; undefined when it failed. What is no error of Rollcall is a bug and goes on. */
async function step<T>(
  report: Report,
  name: string,
  run: () => Promise<{ value: T; message: string }>,
): Promise<T | undefined> {
  try {
    const { value, message } = await run();
    report.steps.push({ name, ok: true, message });
    return value;
  } catch (error) {
    if (!isRollcallError(error)) throw error;
    report.steps.push({ name, ok: false, message: error.message, code: error.code, mend: error.mend });
    return undefined;
  }
}
