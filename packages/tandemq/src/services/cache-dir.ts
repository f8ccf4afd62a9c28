import { homedir } from "node:os";
import { join } from "node:path";

/** Default folder of downloaded servers: `tandemq/bin` in XDG_CACHE_HOME, else in ~/.cache. */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  return join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "tandemq", "bin");
}
