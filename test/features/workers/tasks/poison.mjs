import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";

/** Each takes its process down, or does its best to. */
export const exits = defineTask("poison.exits", async () => {
  await sleep(5);
  process.exit(3);
});
export const segfaults = defineTask("poison.segfaults", async () => {
  await sleep(5);
  process.kill(process.pid, "SIGSEGV");
  await sleep(60_000);
});
export const rejects = defineTask("poison.rejects", async () => {
  setTimeout(() => void Promise.reject(new Error("nobody listens")), 5);
  await sleep(60_000);
});
export const loops = defineTask("poison.loops", async () => {
  await sleep(5);
  for (;;);
});

/** Each throws what no error should be. */
export const text = defineTask("poison.text", () => Promise.reject("a text"));
export const nothing = defineTask("poison.nothing", () => Promise.reject(undefined));
export const huge = defineTask("poison.huge", () => {
  const error = new Error("m".repeat(1_000_000));
  error.stack = "s".repeat(50_000_000);
  throw error;
});
