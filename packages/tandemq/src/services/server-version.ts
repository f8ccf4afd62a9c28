import { run } from "./run.js";

/** Oldest version that is good enough, and how the server prints its own. */
export interface VersionRule {
  readonly pattern: RegExp;
  readonly atLeast: readonly [major: number, minor: number];
}

/** Asks a server binary for its version, such as `7.0.15`. Rejects where it does not run or is too old. */
export async function serverVersion(path: string, rule: VersionRule, env: NodeJS.ProcessEnv): Promise<string> {
  const [, version, major, minor] = rule.pattern.exec(await run(path, ["--version"], 10_000, env)) ?? [];
  if (version === undefined) throw new Error(`${path} does not tell its version`);
  const [wantedMajor, wantedMinor] = rule.atLeast;
  const newer = Number(major) - wantedMajor || Number(minor) - wantedMinor;
  if (newer < 0) throw new Error(`${path} is ${version}, older than ${rule.atLeast.join(".")}`);
  return version;
}
