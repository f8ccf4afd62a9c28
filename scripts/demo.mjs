/**
 * `npm run demo`: installs and builds where needed, finds or brings up a MongoDB and a Redis, starts a worker, and digests
 * every file below node_modules once in each mode. Ctrl+C at any time stops everything that was started here.
 */
import { ensureReady } from "./ensure-installed.mjs";

const cleanup = [];
let ending;

function end(code) {
  ending ??= (async () => {
    for (const step of cleanup.reverse()) await step().catch((error) => console.error(String(error?.message ?? error)));
    process.exit(code);
  })();
  return ending;
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    console.log("\nstopping ...");
    void end(130);
  });
}

try {
  ensureReady();
  const { startServices } = await import("../packages/tandemq/dist/services/index.js");
  const services = await startServices({ onProgress: (line) => console.log(line) });
  cleanup.push(() => services.stop());
  const { runDemo } = await import("./demo/run.mjs");
  const right = await runDemo(services, cleanup);
  console.log(right ? "\nEvery answer is right." : "\nSome answers are not right.");
  await end(right ? 0 : 1);
} catch (error) {
  if (!ending) console.error(String(error?.message ?? error));
  await end(1);
}
