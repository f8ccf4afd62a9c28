/** A value that survives a round trip through JSON. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object: the shape of every job's params. Properties whose value is `undefined` are dropped, as JSON does. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
