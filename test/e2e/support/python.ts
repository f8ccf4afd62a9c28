import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const requirement = "pymongo==4.10.1";

/** The folder that has pymongo, installed at first use beside the project's other downloads and kept there. */
export async function pymongo(): Promise<string> {
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "tandemq");
  const folder = join(cache, requirement.replace("==", "-"));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  try {
    const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", fresh, requirement];
    await promisify(execFile)("python3", args);
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Runs a script to its end and returns what it printed, one JSON value per line. */
export async function python(
  script: string,
  args: readonly string[],
  input: unknown,
  path: string,
): Promise<unknown[]> {
  const child = spawn("python3", [script, ...args], { env: { ...process.env, PYTHONPATH: path } });
  let [output, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  child.stdin.end(JSON.stringify(input));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`${script} ended with code ${String(code)}:\n${errors}`);
  return output
    .split("\n")
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
}
