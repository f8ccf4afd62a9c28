import { dirname, resolve } from "node:path";
import { ConfigError, type Mistake, options as o } from "@tandemq/core";
import { checkRules, complete } from "./complete.js";
import type { Config, UserConfig } from "./config.js";
import { findConfigFiles, readConfigFile } from "./find-file.js";
import { type Flags, type Layered, layer, type Origin, originOf, strayVariables } from "./layers.js";
import { configSchema } from "./schema.js";

export interface LoadOptions {
  /** Options instead of a file; no file is looked for then. */
  readonly config?: UserConfig;
  /** The file, instead of the first one found from `cwd` upward. Default: `TANDEMQ_CONFIG`. */
  readonly file?: string;
  readonly flags?: Flags;
  /** Default: the environment of the process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the working directory of the process. */
  readonly cwd?: string;
  /** No store is needed for what is to be done: one that is missing is no mistake. Default: false. */
  readonly storeless?: boolean;
}

/** A configuration with its history. */
export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly Mistake[];
  /** The file that was read, if there was one. */
  readonly file: string | undefined;
  /** Where the value at a path such as `worker.lease` comes from. */
  originOf(path: string): Origin;
}

/**
 * The configuration in force: flag over environment over file over default.
 *
 * @throws ConfigError with all mistakes at once
 */
export async function loadConfig(options: LoadOptions = {}): Promise<LoadedConfig> {
  const { env = process.env, flags = {}, cwd = process.cwd() } = options;
  const base = await readBase(options, env, cwd);
  const layered = layer(base.given, base.origin, env, flags);
  const report = new o.Report();
  for (const message of strayVariables(env)) report.warning("", message);
  const config = resolveConfig(layered, report, base.file === undefined ? cwd : dirname(base.file), cwd);
  for (const other of base.others)
    report.warning("", `${other} is there, too, and is not read: ${base.file} comes first`);
  if (!options.storeless) checkRules(config, report, base.searched);
  refuse(report, layered);
  return {
    config,
    warnings: report.warnings,
    file: base.file,
    originOf: (path) => originOf(layered.origins, path),
  };
}

interface Base {
  readonly given: unknown;
  readonly origin: Origin;
  readonly file: string | undefined;
  /** The folder in which, and above which, no file was found. */
  readonly searched?: string;
  /** Configuration files beside the one that was found. */
  readonly others: readonly string[];
}

async function readBase(options: LoadOptions, env: NodeJS.ProcessEnv, cwd: string): Promise<Base> {
  if (options.config) return { given: options.config, origin: { from: "code" }, file: undefined, others: [] };
  const named = options.file ?? env["TANDEMQ_CONFIG"];
  const [file, ...others] = named ? [resolve(cwd, named)] : await findConfigFiles(cwd);
  if (file === undefined) return { given: {}, origin: { from: "default" }, file, searched: cwd, others };
  const given = await readConfigFile(file);
  if (typeof given === "object" && given !== null) return { given, origin: { from: "file", name: file }, file, others };
  throw new ConfigError(file, [{ path: "", message: "expected an object as its default export" }]);
}

/** Tasks are named relative to where they are named: the file's folder, or the working directory. */
function resolveConfig(layered: Layered, report: o.Report, fileFolder: string, cwd: string): Config {
  const raw = configSchema.read(layered.given, "", report);
  refuse(report, layered);
  const from = originOf(layered.origins, "tasks").from;
  return complete(raw, from === "flag" || from === "environment" ? cwd : fileFolder, fileFolder);
}

/** Every mistake says what set the value, where that is not the file itself. */
function refuse(report: o.Report, { origins }: Layered): void {
  if (report.mistakes.length === 0) return;
  const mistakes = report.mistakes.map(({ path, message }) => {
    const { from, name } = originOf(origins, path);
    return { path, message: from === "flag" || from === "environment" ? `${message} (set by ${name})` : message };
  });
  throw new ConfigError("configuration", mistakes);
}
