/** `npm run prove:faults`: installs and builds where needed, then runs the fault experiments. See `-- --help`. */
import { ensureReady } from "./ensure-installed.mjs";

ensureReady();
await import("./faults/main.mjs");
