import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { mongoUrl, redisUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}examples/first-task/`;
const cli = `${root}packages/tandemq/dist/cli/main.js`;

/** Runs a program in the example's folder, on stores of its own, to its end. */
function run(name: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const stores = { TANDEMQ_MONGO: mongoUrl(name), TANDEMQ_REDIS: redisUrl(), TANDEMQ_PREFIX: name };
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...stores, NODE_OPTIONS: "" } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

test("the first task of the README: enqueued by a service, run by the worker", async () => {
  const name = unique("example");
  const [service, worker] = await Promise.all([
    run(name, ["enqueue.js"]),
    run(name, [cli, "worker", "--concurrency", "25", "--processes", "4", "--max-jobs", "1"]),
  ]);
  expect(service).toEqual({ code: 0, output: "{ file: 'cat.jpg', width: 200 }\n" });
  expect(worker).toMatchObject({ code: 0, output: expect.stringContaining("resizing") });
});

test.each(["tandemq.config.js", "tasks/thumbnails.js", "enqueue.js"])("the README shows %s as it is", (file) => {
  const readme = readFileSync(`${root}README.md`, "utf8");
  expect(readme).toContain(readFileSync(folder + file, "utf8").trim());
});
