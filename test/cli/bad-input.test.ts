import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { type Answer, Command, main } from "../e2e/support/command.js";
import { mongoUrl, redisUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";

const id = "0123456789abcdef01234567";

/** Every command that needs a store, as somebody would give it. */
const commands: readonly (readonly string[])[] = [
  ["worker", "--plain"],
  ["enqueue", "some.task", "{}"],
  ["jobs"],
  ["jobs", id],
  ["jobs", "show", id],
  ["jobs", "why", id],
  ["jobs", "logs", id],
  ["jobs", "logs", id, "--follow"],
  ["jobs", "retry", id],
  ["jobs", "cancel", "--status", "queued", "--yes"],
  ["jobs", "move", id, "--to", "other"],
  ["jobs", "remove", id, "--yes"],
  ["queues"],
  ["queues", "--watch"],
  ["queues", "pause", "mail"],
  ["queues", "resume", "mail"],
  ["queues", "purge", "mail", "--yes"],
  ["queues", "forget", "mail", "--yes"],
  ["queues", "migrate", "mail", "--yes"],
  ["workers"],
  ["workers", "--json"],
];

const folder = mkdtempSync(join(tmpdir(), "tandemq-bad-"));
afterAll(() => rmSync(folder, { recursive: true }));
chmodSync(folder, 0o755);

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Answer> {
  const command = new Command(args, { NODE_OPTIONS: "", TANDEMQ_MONGO: "", TANDEMQ_REDIS: "", ...env }, folder);
  command.write();
  return command.ended;
}

/** What each command said, by the command; four at a time. */
async function runAll(
  these: readonly (readonly string[])[],
  env: Readonly<Record<string, string>>,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const left = [...these];
  const lane = async () => {
    for (let args = left.shift(); args; args = left.shift()) answers.set(args.join(" "), await run(args, env));
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return answers;
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** One line on standard error, a code that is not 0, no stack. */
function expectOneLine({ code, stderr }: Answer, says: RegExp | string): void {
  expect(lines(stderr)).toEqual([expect.stringMatching(says)]);
  expect(stderr).toMatch(/^tandemq: /);
  expect([1, 2]).toContain(code);
}

const away = { mongo: "mongodb://me:s3cret@127.0.0.1:1/x?serverSelectionTimeoutMS=200", redis: "redis://127.0.0.1:1" };

/** Every queue needs both stores. */
function raw(stores: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const file = join(folder, "raw.json");
  writeFileSync(file, JSON.stringify({ queues: { "*": "raw" } }));
  return { TANDEMQ_CONFIG: file, ...stores };
}

describe("every command says one line and fails", () => {
  const layouts: [string, () => Readonly<Record<string, string>>, RegExp][] = [
    ["without a configuration", () => ({}), /no store is configured: set mongo \(TANDEMQ_MONGO\)/],
    ["without stores", () => raw({ TANDEMQ_MONGO: away.mongo, TANDEMQ_REDIS: away.redis }), /:1\b.*did not answer/],
    ["without MongoDB", () => raw({ TANDEMQ_MONGO: away.mongo, TANDEMQ_REDIS: redisUrl() }), /MongoDB at .*did not/],
  ];
  test.each(layouts)("%s", async (_what, env, says) => {
    const answers = await runAll(commands, env());
    expect(answers.size).toBe(commands.length);
    for (const answer of answers.values()) {
      expectOneLine(answer, says);
      expect(answer.stdout + answer.stderr).not.toContain("s3cret");
    }
  });

  test("without Redis, whose driver is more patient", async () => {
    const some = [
      ["worker", "--plain"],
      ["jobs"],
      ["queues", "--watch"],
      ["enqueue", "some.task", "{}", "--queue", "q"],
    ];
    const env = raw({ TANDEMQ_MONGO: mongoUrl(unique("half")), TANDEMQ_REDIS: away.redis });
    const answers = await runAll(some, env);
    for (const answer of answers.values()) expectOneLine(answer, /Redis at .*did not answer/);
  });
});

describe("a configuration file that cannot be used", () => {
  const files: [name: string, text: string, says: string][] = [
    ["syntax.mjs", "export default {", "syntax.mjs: cannot be read: Unexpected"],
    ["throws.mjs", 'throw new Error("first\\nsecond")', "throws.mjs: cannot be read: first second"],
    ["throws-null.mjs", "throw null", "throws-null.mjs: cannot be read: it threw null"],
    ["function.mjs", "export default () => ({})", "function.mjs: expected an object as its default export"],
    ["broken.json", '{"a":}', "broken.json: cannot be read: Unexpected token"],
    ["config.yaml", "redis: x", "config.yaml: cannot be read: expected a .js, .mjs, .cjs or .json file"],
    ["import.mjs", 'import "no-such-package"', "import.mjs: cannot be read: Cannot find package 'no-such-package'"],
    ["typo.json", '{"redis":"redis://h","queus":{}}', 'queus: unknown option "queus", did you mean "queues"?'],
  ];
  test.each(files)("%s", async (name, text, says) => {
    writeFileSync(join(folder, name), text);
    expectOneLine(await run(["jobs", "--config", name], {}), says.replace(/[.?*()[\]]/g, "\\$&"));
  });

  test("one that is not there, and a folder", async () => {
    expectOneLine(
      await run(["jobs", "--config", "nowhere.mjs"], {}),
      /nowhere\.mjs: cannot be read: there is no such file/,
    );
    expectOneLine(await run(["jobs"], { TANDEMQ_CONFIG: folder }), /cannot be read: it is no file/);
  });

  test("one that this user may not read", async () => {
    const file = join(folder, "private.json");
    writeFileSync(file, "{}");
    chmodSync(file, 0o000);
    expectOneLine(await asNobody(["jobs", "--config", file]), /private\.json: cannot be read: this user has no right/);
  });

  test("the stack is shown for --debug alone", async () => {
    writeFileSync(join(folder, "boom.mjs"), 'throw new Error("boom")');
    expect((await run(["jobs", "--config", "boom.mjs", "--debug"], {})).stderr).toMatch(/\n +at /);
  });
});

describe("nonsense on the command line", () => {
  const wrong: [args: string[], code: number, says: string][] = [
    [["jobs", "--config"], 2, "not enough arguments following: config"],
    [["completion", "fish"], 2, 'Given: "fish", Choices: "bash", "zsh"'],
    [["jobs", "mvoe", id, "--to", "x"], 2, 'unknown action "mvoe", did you mean "move"?'],
    [["jobs", "move", id], 2, "missing required argument: to"],
    [["jobs", "--queue", "a", "--queue", "b"], 1, "--queue: give it once, not 2 times"],
    [["jobs", "--mongo", "mongodb://h", "--mongo", "mongodb://h"], 1, "--mongo: give it once, not 2 times"],
    [["jobs", "--status", ","], 1, "--status: expected at least one value"],
    [["jobs", "retry", "all"], 1, '"all" is not a job id'],
    [["jobs", ""], 1, '"" is not a job id'],
    [["queues", "purge", "mail"], 1, "without a terminal to ask on, give --yes"],
    [["queues", "pause", "../x"], 1, '"../x" is not a queue name'],
    [["worker", "--max-jobs", "x"], 1, '--max-jobs: expected a whole number from 1 to 9007199254740991, got "x"'],
    [["worker", "--processes", "x"], 1, 'worker.processes: expected a whole number from 0 to 512, got "x"'],
    [["worker", "a b"], 1, '"a b" is not a queue name'],
    [["run", "../../x#y"], 1, "cannot name a task"],
    [["enqueue", "a.b", "{}", "--at", "soon"], 1, "--at: expected a date"],
    [["check-config", "--lease", "soon"], 1, "worker.lease: expected milliseconds or a duration"],
  ];
  test.each(wrong)("%j", async (args, code, says) => {
    const answer = await run(args, { TANDEMQ_REDIS: away.redis });
    expect(answer.code).toBe(code);
    expectOneLine(answer, says.replace(/[.?*()[\]]/g, "\\$&"));
  });
});

describe("a reader that goes away", () => {
  /** Help is over before anybody looks whether it was read. */
  const ends: [args: string[], code: number][] = [
    [["--help"], 0],
    [["jobs", "--help"], 0],
    [["check-config", "--explain"], 141],
    [["completion", "bash"], 141],
  ];
  test.each(ends)("ends %j quietly", async (args, code) => {
    const command = new Command(args, { NODE_OPTIONS: "", TANDEMQ_REDIS: away.redis }, folder);
    command.hangUp();
    expect(await command.ended).toMatchObject({ code, stderr: "" });
  });
});

/** As a user without rights: root would have them all. */
function asNobody(args: readonly string[]): Promise<Answer> {
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { PATH: process.env["PATH"] }, ...user });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
