import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Command } from "../e2e/support/command.js";
import { Site } from "../e2e/support/site.js";
import { run } from "../support/run.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

const cli = `${root}packages/tandemq/dist/cli/main.js`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandemq-init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (name: string) => readFileSync(join(folder, name), "utf8");

function init(...args: string[]) {
  const command = new Command(["init", ...args], { XDG_STATE_HOME: folder }, folder);
  command.write();
  return command.ended;
}

/** What `npm install` would do, without a registry. */
function install(): void {
  const link = (to: string, from: string) => symlinkSync(join(root, to), join(folder, "node_modules", from));
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  link("packages/tandemq", "tandemq");
  link("packages/tandemq/dist/cli/main.js", ".bin/tandemq");
  link("node_modules/.bin/tsc", ".bin/tsc");
  link("node_modules/@types", "@types");
}

/** What the command says is next: a worker by `npm run worker`, and `npm run enqueue` beside it. */
async function use(): Promise<string> {
  install();
  await using site = new Site(folder);
  const npm = (...args: string[]) => run("npm", ["run", "--silent", ...args], folder, site.env);
  if (existsSync(join(folder, "tsconfig.json"))) await npm("build");
  const [worker, output] = await Promise.all([npm("worker", "--", "--max-jobs", "1"), npm("enqueue")]);
  expect(worker).toContain("the worker is ready");
  return output.trim();
}

const greeting = "{ greeting: 'Hello, world!' }";

test.each([
  [["--js"], "regular", greeting],
  [["--js", "--cjs", "--mode", "raw"], "raw", greeting],
  [["--ts", "--mode", "raw"], "raw", greeting],
  [["--ts", "--cjs", "--mode", "no-storage"], "no-storage", expect.stringMatching(/^added [0-9a-f]{24}$/)],
])("init %j in an empty folder: the project runs at once", async (flags, mode, output) => {
  const { code, stdout, stderr } = await init(...flags);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(
    /npm install\n(.*npm run build\n)?.*npx tandemq services start.*\n.*npm run worker.*\n.*npm run enqueue/,
  );
  expect(stdout).toContain(mode === "no-storage" ? "adds a job and shows its id" : "adds a job and shows its result");
  expect(read("tandemq.config.js")).toContain(`default: "${mode}"`);
  expect(await use()).toEqual(output);
});

test.each([
  [{ name: "mine", type: "module" }, ["--cjs", "--js"], "cjs"],
  [{ name: "mine" }, ["--esm", "--ts"], "mjs"],
  [{ dependencies: { tandemq: "*" } }, ["--js"], "js"],
])("beside %j, init %j: files that Node takes for what they are", async (own, flags, suffix) => {
  writeFileSync(join(folder, "package.json"), JSON.stringify(own));
  expect((await init(...flags)).stdout).toContain(`tandemq.config.${suffix}`);
  expect(await use()).toEqual(greeting);
});

test("from a checkout, npm install finds what the project needs without a registry", async () => {
  const { code } = await init("new/app", "--js");
  expect(code).toBe(0);
  const app = join(folder, "new/app");
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund"], app);
  const bin = join(app, "node_modules/.bin/tandemq");
  expect(await run(process.execPath, [bin, "--version"], app)).toMatch(/^\d+\.\d+\.\d+/);
});

test("nothing is overwritten without --force, and nothing is written when one file is there", async () => {
  writeFileSync(join(folder, "enqueue.js"), "mine");
  expect(await init("--js")).toMatchObject({ code: 1, stderr: expect.stringMatching(/enqueue\.js exists.*--force/) });
  expect(readdirSync(folder)).toEqual(["enqueue.js"]);
  expect(read("enqueue.js")).toBe("mine");
  expect(await init("--js", "--force")).toMatchObject({ code: 0, stderr: "" });
  expect(read("enqueue.js")).toContain("createClient");
});

test("a project that is there keeps what its package.json says, and its kind is found", async () => {
  const own = { name: "mine", version: "2.0.0", scripts: { worker: "mine" }, dependencies: { tandemq: "1.2.3" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(own));
  writeFileSync(join(folder, "tsconfig.json"), "{}");
  const { code, stdout } = await init("--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ typescript: true, esm: false, mode: "regular" });
  expect(JSON.parse(read("package.json"))).toMatchObject({
    ...{ name: "mine", version: "2.0.0", dependencies: { tandemq: "1.2.3" } },
    scripts: { worker: "mine", build: "tsc", enqueue: "node dist/enqueue.js" },
  });
  expect(read("tsconfig.json")).toBe("{}");
});

test("in a folder that is named, even if it does not exist", async () => {
  const { code, stdout } = await init("new/jobs");
  expect([code, stdout]).toEqual([0, expect.stringContaining(`cd ${join(folder, "new/jobs")}`)]);
  expect(readdirSync(join(folder, "new/jobs")).sort()).toEqual(
    ["enqueue.js", "package.json", "tandemq.config.js", "tasks"].sort(),
  );
});

test.each([
  [["--ts", "--js"], 1, "--ts or --js, not both"],
  [["--mode", "fast"], 2, "fast"],
])("init %j is refused", async (flags, code, message) => {
  expect(await init(...flags)).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
});

/** A terminal on which somebody types these lines. */
const terminal = `
import os, pty, sys
pid, end = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
os.write(end, sys.stdin.buffer.read())
try:
    while os.read(end, 4096): pass
except OSError: pass
os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

test("on a terminal it asks for what is open, until an answer is one", async () => {
  const python = spawn("python3", ["-c", terminal, process.execPath, cli, "init", "--cjs"], { cwd: folder });
  python.stdin.end("ts\nfast\nraw\n");
  const [code] = (await once(python, "close")) as [number];
  expect(code).toBe(0);
  expect(readdirSync(join(folder, "src")).sort()).toEqual(["enqueue.ts", "tasks"]);
  expect(read("tandemq.config.js")).toContain('default: "raw"');
});

test("a package.json that is broken is told, and left as it is", async () => {
  mkdirSync(join(folder, "broken"));
  writeFileSync(join(folder, "broken/package.json"), "{");
  expect(await init("broken")).toMatchObject({ code: 1, stderr: expect.stringContaining("is not JSON") });
  expect(readdirSync(join(folder, "broken"))).toEqual(["package.json"]);
});
