import type { Evaluation } from '../mapping-files.js';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { paragraphs, valueText } from './words.js';

/** `rollcall mapping eval` for people. */
export function evaluationText({ mapping, sourceId, attributes }: Evaluation, { safe, paint, width }: Screen): string {
  const rows = Object.entries(attributes);
  const columns = [
    { title: 'ATTRIBUTE', cell: ([name]: (typeof rows)[number]) => safe(name), isWhole: true },
    {
      title: 'CLAIM',
      cell: ([, claim]: (typeof rows)[number]) =>
        safe('value' in claim ? valueText(claim.value) : `unknown: ${problemOf(claim.error)}`),
      style: ([, claim]: (typeof rows)[number]) => ('value' in claim ? undefined : ('yellow' as const)),
    },
  ];
  return paragraphs(
    `${paint('bold', safe(mapping.name))} (${safe(mapping.file)}) reads ${sourceId === null ? paint('red', 'no source id') : `${mapping.kind} ${paint('bold', safe(sourceId))}`}`,
    rows.length === 0 ? 'The record says nothing.' : table(rows, columns, width, paint),
  );
}

function problemOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : JSON.stringify(error);
}
