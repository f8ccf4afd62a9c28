import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { freePort } from "../../packages/tandemq/src/services/free-port.js";
import { Command } from "../e2e/support/command.js";
import { answers, countDocuments, insertDocument, within } from "./support.js";

interface State {
  readonly running: boolean;
  readonly mongoUrl: string;
  readonly redisUrl: string;
  readonly pid: number;
}

let folder: string;
let state: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandemq-background-"));
  state = folder;
});
afterEach(async () => {
  await services("stop");
  rmSync(folder, { recursive: true, force: true });
});

function services(...args: string[]) {
  const command = new Command(["services", ...args], { XDG_STATE_HOME: state, TANDEMQ_MONGO: "", TANDEMQ_REDIS: "" });
  command.write();
  return command.ended;
}

const stateOf = async (...args: string[]) => JSON.parse((await services(...args, "--json")).stdout) as State;

test("start, status, stop: both servers outlive the command, and their data its end", async () => {
  expect(await services("status")).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("tandemq services start"),
  });
  const first = await services("start");
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^MongoDB {2}mongodb:.*\nRedis {4}redis:/) });
  const { mongoUrl, redisUrl } = await stateOf("status");
  expect(await Promise.all([answers(mongoUrl), answers(redisUrl)])).toEqual([true, true]);
  await insertDocument(mongoUrl);

  expect(await services("start")).toMatchObject({ code: 0, stderr: "they already run\n", stdout: first.stdout });
  expect(await services("stop")).toMatchObject({ code: 0, stdout: "the services are stopped\n" });
  expect(await Promise.all([answers(mongoUrl), answers(redisUrl)])).toEqual([false, false]);
  expect((await stateOf("status")).running).toBe(false);

  expect(await stateOf("start")).toMatchObject({ running: true, mongoUrl, redisUrl });
  expect(await countDocuments(mongoUrl)).toBe(1);
});

test("a keeper that was killed takes its servers along and is no obstacle to the next one", async () => {
  // Longer than the path of a socket may be.
  state = join(folder, "s".repeat(120));
  const { pid, mongoUrl } = await stateOf("start", "--temporary");
  process.kill(pid, "SIGKILL");
  expect(await within(60_000, async () => !(await answers(mongoUrl)))).toBe(true);
  expect(await services("stop")).toMatchObject({ code: 0, stdout: "no services run in the background\n" });
  expect((await stateOf("start", "--temporary")).running).toBe(true);
});

/** A free port that no connection gets by chance. */
const quietPort = () => freePort(20_000 + Math.floor(Math.random() * 10_000));

test("ports that are named are taken, one that somebody has is refused", async () => {
  const ports = [await quietPort(), await quietPort()] as const;
  const { mongoUrl, redisUrl } = await stateOf(
    ...["start", "--temporary", "--mongo-port", String(ports[0]), "--redis-port", String(ports[1])],
  );
  expect([new URL(mongoUrl).port, new URL(redisUrl).port]).toEqual(ports.map(String));
  await services("stop");
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const refused = await services("start", "--redis-port", String(port));
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`--redis-port: port ${port} of 127.0.0.1`),
  });
  other.close();
});

test.each([["0"], ["65536"], ["x"]])("a port %s is refused", async (port) => {
  expect(await services("start", "--mongo-port", port)).toMatchObject({ code: 1, stdout: "" });
});

test.each([[[]], [["begin"]], [["start", "now"]]])("services %j is refused", async (args) => {
  expect(await services(...args)).toMatchObject({ code: 2, stdout: "" });
});
