/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object: own enumerable keys only. */
export interface JsonObject {
  [key: string]: Json;
}
