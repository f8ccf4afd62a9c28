import type { Field } from "./field.js";
import { joinPath } from "./show-value.js";

/** An option that can also be set on the command line and in the environment. */
export interface Setting {
  /** Path in the configuration, such as `worker.lease`. */
  readonly path: string;
  readonly keys: readonly string[];
  readonly field: Field<unknown>;
  /** `kill-after` for `--kill-after`. */
  readonly flag: string;
  /** `TANDEMQ_KILL_AFTER`. */
  readonly variable: string;
}

/** All options of a schema that have a flag, in the schema's order. */
export function settingsOf(schema: Field<unknown>, keys: readonly string[] = []): Setting[] {
  const own = schema.flag === undefined ? [] : [setting(schema, keys, schema.flag)];
  const below = Object.entries(schema.fields ?? {}).flatMap(([key, field]) => settingsOf(field, [...keys, key]));
  return [...own, ...below];
}

/** The environment variable of a flag. */
export function variableOf(flag: string): string {
  return `TANDEMQ_${flag.toUpperCase().replaceAll("-", "_")}`;
}

function setting(field: Field<unknown>, keys: readonly string[], flag: string): Setting {
  return {
    path: keys.reduce(joinPath, ""),
    keys,
    field,
    flag,
    variable: variableOf(flag),
  };
}
