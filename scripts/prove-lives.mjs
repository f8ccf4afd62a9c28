/** `npm run prove:lives`: installs and builds where needed, then lives random lives. See `-- --help`. */
import { ensureReady } from "./ensure-installed.mjs";

ensureReady();
await import("./lives/main.mjs");
