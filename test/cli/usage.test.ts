import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { Command, main } from "../e2e/support/command.js";

/** A command that needs no store. */
function tandemq(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const command = new Command(args, { TANDEMQ_MONGO: "", TANDEMQ_REDIS: "", ...env });
  command.write();
  return command.ended;
}

describe("help", () => {
  test("lists the commands", async () => {
    const { code, stdout } = await tandemq(["--help"]);
    expect(code).toBe(0);
    for (const name of [
      "worker",
      "enqueue",
      "run",
      "jobs",
      "queues",
      "workers",
      "check-config",
      "services",
      "completion",
    ])
      expect(stdout).toContain(`tandemq ${name}`);
  });

  test.each([
    "worker",
    "enqueue",
    "run",
    "jobs",
    "queues",
    "workers",
    "check-config",
    "init",
    "services",
    "completion",
  ])("%s has an example and no colour", async (name) => {
    const { code, stdout } = await tandemq([name, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\\n(.*\\n)?.*tandemq ${name} `));
    expect(stdout).not.toContain("\u001b");
  });

  test("shows defaults as one writes them", async () => {
    const { stdout } = await tandemq(["worker", "--help"]);
    expect(stdout).toMatch(/--lease .*\n?.*\[default: 30s\]/);
    expect(stdout).toMatch(/--concurrency .*\n?.*\[default: 10\]/);
  });
});

describe("a command line that is wrong: exit code 2, one line", () => {
  test.each([
    [["jbos"], 'unknown command "jbos", did you mean "jobs"?'],
    [["jobs", "--quue", "a"], "unknown argument: quue"],
    [["enqueue"], "an argument is missing; see `tandemq enqueue --help`"],
    [["jobs", "why"], "an argument is missing; see `tandemq jobs why --help`"],
    [["worker", "--concurency", "5"], "unknown argument: concurency, did you mean --concurrency?"],
    [[], "give a command"],
    [["queues", "drop", "mail"], "unknown arguments: drop, mail"],
    [["queues", "puase", "mail"], 'unknown action "puase", did you mean "pause"?'],
    [["queues", "pause"], "an argument is missing; see `tandemq queues pause --help`"],
  ])("%j", async (args, message) => {
    const { code, stderr, stdout } = await tandemq(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

describe("a configuration that is wrong: exit code 1, a line for each mistake", () => {
  test("all at once, with what set them, without passwords", async () => {
    const env = { TANDEMQ_MONGO: "http://me:secret@host", TANDEMQ_CONCURRENCY: "many" };
    const { code, stderr } = await tandemq(["worker", "--lease", "soon"], env);
    expect(code).toBe(1);
    const lines = stderr.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain("tandemq: mongo.url: expected a URL such as mongodb://");
    expect(lines[1]).toContain(
      'worker.concurrency: expected a whole number from 1 to 10000, got "many" (set by TANDEMQ_CONCURRENCY)',
    );
    expect(lines[2]).toContain('got "soon" (set by --lease)');
    expect(stderr).not.toContain("secret");
  });

  test("no store", async () => {
    const { code, stderr } = await tandemq(["jobs"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tandemq: no store is configured: set mongo \(TANDEMQ_MONGO\), redis .* or both; .*\n$/);
    expect(stderr).toContain("`tandemq services start`");
  });

  test("tasks that match no module are warned of: programs that only enqueue need none", async () => {
    const stores = ["--mongo", "mongodb://h", "--redis", "redis://h"];
    const { code, stdout, stderr } = await tandemq(["check-config", ...stores, "--tasks", "nothing/*.js"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("the configuration is right")]);
    expect(stderr).toMatch(/^warning: tasks: no module matches nothing\/\*\.js below /);
  });

  test("a stack only when asked for", async () => {
    expect((await tandemq(["jobs"])).stderr).not.toContain("at ");
    expect((await tandemq(["jobs", "--debug"])).stderr).toMatch(/\n +at /);
  });

  test("a store that does not answer is named by its address, without the password", async () => {
    const mongo = "mongodb://me:secret@127.0.0.1:1/x?serverSelectionTimeoutMS=300";
    const env = { TANDEMQ_MONGO: mongo, TANDEMQ_REDIS: "redis://me:secret@127.0.0.1:1" };
    const { code, stderr } = await tandemq(["jobs"], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/127\.0\.0\.1:1/);
    expect(stderr).toContain("`tandemq services start` brings one up");
    expect(stderr).not.toContain("secret");
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("completion", () => {
  test("the script of bash offers commands, actions and flags", async () => {
    const { stdout: script } = await tandemq(["completion", "bash"]);
    const offer = (...words: string[]) => {
      const line = `COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}`;
      const command = `tandemq() { "${process.execPath}" "${main}" "$@"; }`;
      const told = 'echo "${COMPREPLY[@]}"';
      return execFileSync("bash", ["-c", `${script}\n${command}\n${line}\n_tandemq_complete; ${told}`])
        .toString()
        .trim();
    };
    expect(offer("tandemq", "enq")).toBe("enqueue");
    expect(offer("tandemq", "queues", "pu")).toBe("purge");
    expect(offer("tandemq", "queues", "migrate", "--tim")).toBe("--timeout");
  });

  test("the script of zsh names the same function", async () => {
    expect((await tandemq(["completion", "zsh"])).stdout).toMatch(
      /^#compdef tandemq\n[^]*compdef _tandemq_complete tandemq\n$/,
    );
  });
});
