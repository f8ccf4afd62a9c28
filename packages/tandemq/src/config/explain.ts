import { options as o, redactText } from "@tandemq/core";
import type { LoadedConfig } from "./load-config.js";
import { type Origin, settings } from "./layers.js";

/** One value in force and where it comes from, as text without secrets. */
export interface ExplainedValue {
  /** Path, such as `worker.lease`. */
  readonly option: string;
  readonly value: string;
  readonly from: string;
}

const secret = /pass|secret|token/i;

/** Every value of a configuration, in its order. */
export function explainConfig({ config, originOf }: LoadedConfig): ExplainedValue[] {
  const { mongo, redis, tasks, ...rest } = config;
  const shown = { mongo, redis, tasks: tasks.patterns, middleware: tasks.middleware, ...rest };
  return leavesOf(shown, "").map(({ path, value }) => ({
    option: path,
    value: secret.test(path) ? "***" : textOf(path, value),
    from: originText(originOf(path)),
  }));
}

interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** What is no plain object is one value; an absent one is shown as such. */
function leavesOf(value: unknown, path: string): Leaf[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, below]) => leavesOf(below, o.joinPath(path, key)));
}

function textOf(path: string, value: unknown): string {
  if (value === undefined) return "-";
  const field = settings.find((setting) => setting.path === path)?.field;
  if (field?.show) return redactText(field.show(value));
  return redactText(typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value));
}

function originText({ from, name }: Origin): string {
  return name === undefined ? from : `${from} ${name}`;
}
