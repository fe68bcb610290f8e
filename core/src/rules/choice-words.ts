import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearestName } from './nearest-name.js';

interface Form {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly const?: unknown } | undefined>>;
}

/** What is wrong with a value that fits none (or too many) of its forms, and what to do about it. */
export function choiceWords(error: ErrorObject): { complaint: string; mend: string | null } {
  return tagWords(error) ?? keyWords(error) ?? { complaint: 'has none of the forms that it may have', mend: null };
}

/** Forms that a word tells apart, such as `client: sqlite3` and `client: pg`. */
function tagWords(error: ErrorObject): { complaint: string; mend: string } | null {
  const forms = formsOf(error);
  const tag = tagOf(forms);
  if (tag === null) return null;
  const words = forms.map((form) => String(form.properties?.[tag]?.const));
  const written = (error.data as Readonly<Record<string, unknown>> | null)?.[tag];
  const nearest = typeof written === 'string' ? nearestName(written, words) : null;
  const mend =
    nearest === null ? `Write ${words.map((word) => `${tag}: ${word}`).join(' or ')}.` : `Did you mean "${nearest}"?`;
  return { complaint: `must have as ${tag} one of ${words.join(', ')}`, mend };
}

/** Forms that differ in the keys that they want, such as `password` or `privateKey`. */
function keyWords(error: ErrorObject): { complaint: string; mend: string } | null {
  const wanted = formsOf(error).map((form) => (form.required ?? []).join(' and '));
  if (wanted.includes('')) return null;
  const hasSeveral =
    error.keyword === 'oneOf' && (error.params as { passingSchemas?: unknown }).passingSchemas !== null;
  return {
    complaint: `needs ${hasSeveral ? 'only one of' : 'one of'} ${wanted.join(', ')}`,
    mend: `Write one of ${wanted.join(', ')}.`,
  };
}

/** The key whose fixed word tells all forms apart; null where there is none. */
function tagOf(forms: readonly Form[]): string | null {
  const keys = Object.keys(forms[0]?.properties ?? {});
  return keys.find((key) => forms.every((form) => form.properties?.[key]?.const !== undefined)) ?? null;
}

/** The position of the form whose word the value has; -1 where no word tells. */
export function taggedForm(error: ErrorObject): number {
  const forms = formsOf(error);
  const tag = tagOf(forms);
  if (tag === null || typeof error.data !== 'object' || error.data === null) return -1;
  const word = (error.data as Readonly<Record<string, unknown>>)[tag];
  return forms.findIndex((form) => form.properties?.[tag]?.const === word);
}

function formsOf(error: ErrorObject): readonly Form[] {
  return error.schema as readonly Form[];
}
