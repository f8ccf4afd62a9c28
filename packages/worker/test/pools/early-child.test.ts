import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "@jest/globals";
import { dismissEarlyChild, startEarlyChild, takeChild } from "../../src/pools/early-child.js";
import { killGroup } from "../../src/pools/spawn-child.js";

const children: ChildProcess[] = [];

function start(): ChildProcess {
  const child = startEarlyChild();
  children.push(child);
  return child;
}

function take(): ChildProcess {
  const child = takeChild();
  children.push(child);
  return child;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

afterEach(async () => {
  dismissEarlyChild();
  delete process.env["TANDEMQ_TEST_EARLY"];
  for (const child of new Set(children.splice(0))) {
    if (hasEnded(child)) continue;
    killGroup(child);
    await once(child, "exit");
  }
});

test("the first to take a child gets the one that was started early, the next a new one", () => {
  const early = start();
  expect(take()).toBe(early);
  expect(take()).not.toBe(early);
});

test("a child that would not have what is inherited by now is ended, and replaced", async () => {
  const early = start();
  process.env["TANDEMQ_TEST_EARLY"] = "set by the configuration";
  const child = take();
  expect(child).not.toBe(early);
  await once(early, "exit");
  expect(early.signalCode).toBe("SIGKILL");
  expect(hasEnded(child)).toBe(false);
});

test("a child that is gone is not handed out", async () => {
  const early = start();
  killGroup(early);
  await once(early, "exit");
  expect(take()).not.toBe(early);
});

test("a child that is not needed is ended", async () => {
  const early = start();
  dismissEarlyChild();
  await once(early, "exit");
  expect(take()).not.toBe(early);
});
