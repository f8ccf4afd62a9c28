#!/usr/bin/env node
const [command, ...flags] = process.argv.slice(2);

// A worker's first child starts beside it: what the two import takes longer than all else until the first job.
if (command === "worker" && !flags.includes("--help")) {
  const { startEarlyChild } = await import("@tandemq/worker/early-child");
  startEarlyChild();
}
await import("#command-line");
