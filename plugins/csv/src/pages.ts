import type { Json, MalformedRecord, Observation, Page, ReadRequest, RecordKind } from '@rollcall/connector-kit';
import { changedWhileRead } from './file-errors.js';
import type { OpenFile } from './file-place.js';
import type { Inspection, Warning } from './inspect.js';
import { readRows } from './rows.js';

/** What the pages of one file share. */
export interface PageFrame {
  kind: RecordKind;
  begin: number;
  scopeKey: string;
  warnings: readonly Warning[];
  /** What the last page hands over to be stored. */
  accepted: Json;
}

const PAGE_SIZE = 1000;

/** The pages of a file that passed inspection: the first carries the columns, the last the proof. */
export async function* readPages(
  file: OpenFile,
  form: Inspection,
  frame: PageFrame,
  request: Pick<ReadRequest, 'signal' | 'progress'>,
): AsyncGenerator<Page> {
  const pages = new PageBuilder(file.name, form, frame);
  let rows = 0;
  for await (const slice of readRows(file, form, request.signal)) {
    rows += slice.observations.length + slice.malformed.length;
    pages.add(slice.observations, slice.malformed);
    while (pages.isFull) yield pages.next();
    request.progress?.(rows, form.rows);
  }
  if (!(await file.isUnchanged(request.signal))) throw changedWhileRead(file.name);
  yield pages.last();
}

class PageBuilder {
  readonly #file: string;
  readonly #form: Inspection;
  readonly #frame: PageFrame;
  #observations: Observation[] = [];
  #malformed: MalformedRecord[] = [];
  #isFirst = true;

  constructor(file: string, form: Inspection, frame: PageFrame) {
    this.#file = file;
    this.#form = form;
    this.#frame = frame;
  }

  /** More than a page: so that the last page is never known too early. */
  get isFull(): boolean {
    return this.#observations.length > PAGE_SIZE || this.#malformed.length > PAGE_SIZE;
  }

  add(observations: readonly Observation[], malformed: readonly MalformedRecord[]): void {
    this.#observations.push(...observations);
    this.#malformed.push(...malformed);
  }

  next(): Page {
    const { kind, begin, scopeKey, warnings } = this.#frame;
    const page: Page = {
      kind,
      begin,
      scopeKey,
      observations: this.#observations.splice(0, PAGE_SIZE),
      malformed: this.#malformed.splice(0, PAGE_SIZE),
    };
    if (!this.#isFirst) return page;
    this.#isFirst = false;
    page.source = { file: this.#file, sha256: this.#form.sha256, alreadyAccepted: false };
    page.warnings = [...warnings, ...this.#form.warnings];
    // A file without a line declares no columns; that is not the same as having lost them.
    if (this.#form.header.length > 0) page.columns = this.#form.header;
    return page;
  }

  last(): Page {
    const proof = `end of ${this.#file}: ${this.#form.bytes} bytes, ${this.#form.rows} rows, unchanged while read`;
    const complete = [{ kind: this.#frame.kind, scope: '*', proof }];
    return { ...this.next(), complete, accepted: this.#frame.accepted };
  }
}
