import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { InvalidOptionError } from "@tandemq/core";
import { ownDependencies } from "../../own-source.js";
import type { Choices } from "./choices.js";

type Texts = Readonly<Record<string, string>>;

/** The part of a package.json that matters here. */
export interface PackageJson {
  readonly name?: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly scripts?: Texts;
  readonly dependencies?: Texts;
  readonly devDependencies?: Texts;
}

/** @throws InvalidOptionError when there is one that is not JSON */
export function readPackageJson(path: string): PackageJson | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as PackageJson;
  } catch (error) {
    throw new InvalidOptionError(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Whether nothing is said yet of the kind of its modules: there is none, or one that an installation made. */
export function isBare(found: PackageJson | undefined): boolean {
  return Object.keys(found ?? {}).every((key) => key === "dependencies" || key === "devDependencies");
}

/** The same with what the project needs; nothing that it says already is changed. */
export function completePackageJson(found: PackageJson | undefined, folder: string, choices: Choices): PackageJson {
  const { typescript, esm } = choices;
  const fresh = { name: nameOf(folder), private: true, ...(esm ? { type: "module" } : {}) };
  const base: PackageJson = isBare(found) ? { ...fresh, ...found } : { ...found };
  const tools: Texts = typescript ? { typescript: ">=5.8", "@types/node": ">=20" } : {};
  const devDependencies = { ...tools, ...base.devDependencies };
  return {
    ...base,
    scripts: { ...scriptsOf(choices), ...base.scripts },
    dependencies: base.dependencies?.["tandemq"]
      ? base.dependencies
      : { ...ownDependencies(folder), ...base.dependencies },
    ...(Object.keys(devDependencies).length > 0 ? { devDependencies } : {}),
  };
}

/** Whether something has to be installed before the project runs. */
export function needsInstall(found: PackageJson | undefined, completed: PackageJson): boolean {
  const count = (one: PackageJson | undefined) => Object.keys({ ...one?.dependencies, ...one?.devDependencies }).length;
  return count(completed) > count(found);
}

function scriptsOf({ typescript, suffix }: Choices): Texts {
  if (typescript) return { build: "tsc", worker: "tandemq worker", enqueue: `node dist/enqueue.${suffix}` };
  return { worker: "tandemq worker", enqueue: `node enqueue.${suffix}` };
}

/** A folder's name as npm takes it. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._~-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "");
  return name === "" ? "app" : name;
}

/** The folder's name as the stores take it: keys and collections begin with it. */
export function prefixOf(folder: string): string {
  return nameOf(folder)
    .replace(/[^a-z0-9_-]+/g, "-")
    .slice(0, 40);
}
