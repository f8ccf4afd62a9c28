/** Entry of a child process: gets jobs from its supervisor, runs task code, sends outcomes back. */
import { Socket } from "node:net";
import { toJobError } from "@tandemq/core";
import { Executor } from "../executor/executor.js";
import { FrameReader } from "../pools/frames.js";
import type { ToChild } from "../pools/messages.js";
import { ChildRunner } from "./child-runner.js";
import { descriptors } from "./descriptors.js";
import { Outbox } from "./outbox.js";
import { startWatch } from "./watch.js";

// The supervisor decides when a child ends, not the terminal or the service manager.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

const outbox = new Outbox(descriptors.outcomes);
const runner = new ChildRunner(outbox, startWatch());

process.on("exit", (code) => tell(`the process exited with code ${code}`));
process.on("uncaughtException", (error) => die("an exception was not caught", error));
process.on("unhandledRejection", (reason) => die("a promise was rejected and nobody handled it", reason));
process.channel?.unref();

const reader = new FrameReader();
const jobs = new Socket({ fd: descriptors.jobs, readable: true, writable: false });
jobs.on("data", (chunk: Buffer) => {
  for (const { head, body } of reader.push(chunk)) runner.receive(head as ToChild, body);
});
jobs.on("error", endGroup);
jobs.on("close", endGroup);

function tell(why: string, thrown?: unknown): void {
  const n = Executor.blame();
  outbox.send({
    t: "ending",
    why,
    ...(n === undefined ? {} : { n }),
    ...(thrown === undefined ? {} : { error: toJobError(thrown) }),
  });
}

/** The process is in an unknown state: what was reached is sent, then it ends with all that it started. */
function die(why: string, thrown: unknown): void {
  try {
    tell(why, thrown);
  } finally {
    endGroup();
  }
}

function endGroup(): void {
  process.kill(-process.pid, "SIGKILL");
}
