/** `npm run prove:topologies`: installs and builds where needed, then lets primaries of both stores go. */
import { ensureReady } from "./ensure-installed.mjs";

ensureReady();
await import("./faults/topologies.mjs");
