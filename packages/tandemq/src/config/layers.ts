import { didYouMean, options as o } from "@tandemq/core";
import { configSchema } from "./schema.js";

/** Where a value comes from. */
export interface Origin {
  readonly from: "flag" | "environment" | "file" | "code" | "default";
  /** `--lease`, `TANDEMQ_LEASE`, the file's path. */
  readonly name?: string;
}

/** Raw options with the origin of each that was given, by its path. */
export interface Layered {
  readonly given: Record<string, unknown>;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** Texts from the command line, by flag; only those that were given. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** All options that have a flag and a variable. */
export const settings: readonly o.Setting[] = o.settingsOf(configSchema);

/** Lays the environment over the file, or under the caller's own options, and the flags over all. */
export function layer(base: unknown, baseOrigin: Origin, env: NodeJS.ProcessEnv, flags: Flags): Layered {
  const given = copy(base);
  const origins = new Map<string, Origin>();
  for (const path of pathsOf(given)) origins.set(path, baseOrigin);
  for (const setting of settings) {
    const text = env[setting.variable];
    if (text === undefined || text === "") continue;
    // What a program says of itself is more than what surrounds it; a file is less.
    if (baseOrigin.from === "code" && origins.has(setting.path)) continue;
    put(given, setting.keys, setting.field.fromText(text));
    origins.set(setting.path, { from: "environment", name: setting.variable });
  }
  for (const setting of settings) {
    const value = flags[setting.flag];
    if (value === undefined) continue;
    put(given, setting.keys, typeof value === "string" ? setting.field.fromText(value) : value);
    origins.set(setting.path, { from: "flag", name: `--${setting.flag}` });
  }
  return { given, origins };
}

/** The origin of a value: its own, or that of the object it is in. */
export function originOf(origins: ReadonlyMap<string, Origin>, path: string): Origin {
  for (let at = path; at !== ""; at = at.replace(/(\.[^.[\]]*|\[[^\]]*\]|^[^.[\]]*)$/, "")) {
    const origin = origins.get(at);
    if (origin) return origin;
  }
  return { from: "default" };
}

/** Variables that look like one of ours but are not: told, because they have no effect. */
export function strayVariables(env: NodeJS.ProcessEnv): string[] {
  const known = [...settings.map(({ variable }) => variable), "TANDEMQ_CONFIG"].map(withoutPrefix);
  return Object.keys(env)
    .filter((name) => name.startsWith("TANDEMQ_") && !known.includes(withoutPrefix(name)))
    .flatMap((name) => {
      const near = didYouMean(withoutPrefix(name), known);
      return near === undefined ? [] : [`${name} has no effect, did you mean TANDEMQ_${near}?`];
    });
}

function withoutPrefix(name: string): string {
  return name.slice("TANDEMQ_".length);
}

/** Objects are copied so that laying over them leaves the caller's own alone; what is no object is left for the schema. */
function copy(base: unknown): Record<string, unknown> {
  const { worker, ...rest } = { ...(base as Record<string, unknown>) };
  if (worker === undefined) return rest;
  if (!isObject(worker)) return { ...rest, worker };
  const { recycle } = worker;
  return { ...rest, worker: { ...worker, ...(isObject(recycle) ? { recycle: { ...recycle } } : {}) } };
}

function put(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  const [key = "", ...rest] = keys;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const below = (target[key] ??= {});
  if (isObject(below)) put(below, rest, value);
}

function pathsOf(given: Readonly<Record<string, unknown>>, above = ""): string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const path = o.joinPath(above, key);
    return isObject(value) ? pathsOf(value, path) : value === undefined ? [] : [path];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
