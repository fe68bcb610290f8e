import { badRequest, shown } from '../errors.js';

/** The parameters of a list or of a projection, as they came; undefined where they were left out. */
export interface ListParameters {
  readonly filter: string | undefined;
  readonly attributes: string | undefined;
  readonly excludedAttributes: string | undefined;
  readonly sortBy: string | undefined;
  readonly sortOrder: string | undefined;
  readonly startIndex: string | undefined;
  readonly count: string | undefined;
  readonly cursor: string | undefined;
}

export const PARAMETERS = [
  'filter',
  'attributes',
  'excludedAttributes',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
] as const;

/**
 * Reads a query. Names in any letters; `+` is a space; parameters that are not ours are passed over (Entra ID appends
 * flags such as `aadOptscim062020` to the address).
 *
 * @throws ScimError 400 for one of ours that stands twice.
 */
export function readQuery(query: string): ListParameters {
  const given = [...new URLSearchParams(query)];
  const read = (name: string): string | undefined => {
    const values = given.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
    if (values.length > 1) {
      throw badRequest(
        name === 'filter' ? 'invalidFilter' : 'invalidValue',
        `The parameter ${shown(name)} stands twice.`,
      );
    }
    return values[0];
  };
  return parametersFrom(read);
}

/** Gathers the parameters from wherever they are read. */
export function parametersFrom(read: (name: (typeof PARAMETERS)[number]) => string | undefined): ListParameters {
  return {
    filter: read('filter'),
    attributes: read('attributes'),
    excludedAttributes: read('excludedAttributes'),
    sortBy: read('sortBy'),
    sortOrder: read('sortOrder'),
    startIndex: read('startIndex'),
    count: read('count'),
    cursor: read('cursor'),
  };
}
