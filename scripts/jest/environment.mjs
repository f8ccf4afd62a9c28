/**
 * Jest's Node environment plus a leak check: a test file that leaves sockets, servers, timers or child processes behind
 * fails. What is still closing gets GRACE_MS to do so.
 */
import { TestEnvironment } from "jest-environment-node";
import { setTimeout as sleep } from "node:timers/promises";

const GRACE_MS = 30_000;

// In a Jest worker these are pipes that are opened at their first use, whichever test it is in.
void [process.stdin, process.stdout, process.stderr];

const WATCHED = /^(TCP|Pipe|Process|Timeout|Immediate|FSEvent|UDP|MessagePort|Worker|StatWatcher|Signal)/;

function countResources() {
  const counts = new Map();
  for (const name of process.getActiveResourcesInfo().filter((kind) => WATCHED.test(kind))) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Where the sockets that are open lead to: tells which store's client was left. */
function peers() {
  const sockets = process._getActiveHandles().filter((handle) => handle.remotePort !== undefined);
  const counts = new Map();
  for (const { remotePort } of sockets) counts.set(remotePort, (counts.get(remotePort) ?? 0) + 1);
  return [...counts].map(([port, count]) => `${count} to port ${port}`).join(", ");
}

function leaked(before) {
  const extra = [...countResources()].map(([name, count]) => [name, count - (before.get(name) ?? 0)]);
  return extra.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
}

async function waitUntilClean(before) {
  const deadline = Date.now() + GRACE_MS;
  for (;;) {
    const rest = leaked(before);
    if (rest.length === 0 || Date.now() > deadline) return rest;
    await sleep(20, undefined, { ref: false });
  }
}

export default class LeakCheckingEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.testPath = context.testPath;
  }

  async setup() {
    await super.setup();
    this.resourcesBefore = countResources();
  }

  async teardown() {
    const rest = await waitUntilClean(this.resourcesBefore);
    await super.teardown();
    if (rest.length > 0) throw new Error(`${this.testPath} left open: ${rest.join(", ")} (sockets: ${peers()})`);
  }
}
