import type { ObjectPage } from '@rollcall/core';
import { invalidParameters, type FieldError } from './answers.js';

const DEFAULT_LIMIT = 10;
const MOST = 100;
const LONGEST = 1_024;
const PAGE = ['limit', 'order', 'after', 'before'];
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/;

/** What a client asked for of a page. */
export interface PageWish {
  page: ObjectPage;
  isNormal: boolean;
}

/**
 * The parameters of a request, read one by one. What cannot be meant is gathered and refused together: a filter that is
 * not known would otherwise answer everybody.
 */
export class Parameters {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #errors: FieldError[] = [];

  /** @param known - names beside those of a page. */
  constructor(query: unknown, known: readonly string[]) {
    this.#given = { ...(query as Record<string, unknown>) };
    for (const name of Object.keys(this.#given))
      if (!known.includes(name) && !PAGE.includes(name))
        this.refuse(name, `${/^\w{1,40}$/.test(name) ? `parameter_${name}` : 'a_parameter'}_is_not_known`);
  }

  refuse(field: string, code: string): void {
    this.#errors.push({ field, code });
  }

  /** A text; undefined where it is not given. */
  text(name: string): string | undefined {
    const value = this.#given[name];
    if (value === undefined) return undefined;
    const isText = typeof value === 'string' && value !== '' && value.length <= LONGEST && !value.includes('\0');
    if (isText) return value;
    this.refuse(name, `${name}_must_be_one_text`);
    return undefined;
  }

  /** Texts, joined by commas, or the parameter several times, with or without `[]`: clients differ. */
  texts(name: string): string[] | undefined {
    const given = [this.#given[name], this.#given[`${name}[]`]].flat().filter((value) => typeof value === 'string');
    if (given.length === 0) return undefined;
    return given.flatMap((value) => value.split(',')).filter((value) => value !== '');
  }

  /** An instant in ISO 8601; answers it in UTC with milliseconds. */
  instant(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const date = new Date(text);
    if (INSTANT.test(text) && !Number.isNaN(date.getTime())) return date.toISOString();
    this.refuse(name, `${name}_must_be_an_iso_8601_instant`);
    return undefined;
  }

  /**
   * The page. Cursors come as they were shown.
   *
   * @param idOf - the id of ours that is shown so; null: no such object.
   */
  page(order: 'asc' | 'desc', idOf: (shown: string) => string | null): PageWish {
    const wanted = this.text('order') ?? order;
    if (!['asc', 'desc', 'normal'].includes(wanted)) this.refuse('order', 'order_must_be_asc_desc_or_normal');
    const isNormal = wanted === 'normal';
    const after = this.#cursor('after', idOf);
    const before = this.#cursor('before', idOf);
    if (after !== undefined && before !== undefined) this.refuse('before', 'give_after_or_before_and_not_both');
    const [follows, precedes] = isNormal ? [before, after] : [after, before];
    const page = {
      limit: this.#limit(),
      order: wanted === 'asc' ? ('asc' as const) : ('desc' as const),
      ...(follows === undefined ? {} : { after: follows }),
      ...(precedes === undefined ? {} : { before: precedes }),
    };
    return { page, isNormal };
  }

  #limit(): number {
    const text = this.text('limit');
    if (text === undefined) return DEFAULT_LIMIT;
    const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (limit < 1 || limit > MOST) this.refuse('limit', 'limit_must_be_a_whole_number_from_1_to_100');
    return limit;
  }

  #cursor(name: string, idOf: (shown: string) => string | null): string | undefined {
    const shown = this.text(name);
    if (shown === undefined) return undefined;
    const id = idOf(shown);
    if (id === null) this.refuse(name, 'cursor_names_no_object_of_this_list');
    return id ?? undefined;
  }

  /** Ends the reading. @throws {WorkosError} 400 where a range cannot be meant, 422 for everything else. */
  finish(): void {
    if (this.#errors.length === 0) return;
    const isRange = this.#errors.some(({ field }) => field.startsWith('range_'));
    throw invalidParameters(this.#errors, isRange ? 400 : 422);
  }
}
