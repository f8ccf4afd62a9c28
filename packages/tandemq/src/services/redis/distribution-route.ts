import { access, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fromExecutable } from "../executable.js";
import { installBinary } from "../install-binary.js";
import { run } from "../run.js";
import type { Context, Route } from "../types.js";
import { redisServer } from "./redis-server.js";

const INSTALL_LIMIT_MS = 180_000;
// Server and checker are one program that goes by its name. Debian and Ubuntu ship it in redis-tools under the checker's;
// their package redis-server would add a system service, which nobody asked for.
const PROGRAM = "/usr/bin/redis-check-rdb";

async function install({ env, progress }: Context): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error("installing needs root");
  const quiet = { ...env, DEBIAN_FRONTEND: "noninteractive" };
  const args = ["install", "--yes", "--no-install-recommends", "redis-tools"];
  progress("Installing the package redis-tools ...");
  await run("apt-get", args, INSTALL_LIMIT_MS, quiet).catch(async () => {
    await run("apt-get", ["update"], INSTALL_LIMIT_MS, quiet);
    await run("apt-get", args, INSTALL_LIMIT_MS, quiet);
  });
}

async function linkAsServer(folder: string): Promise<string> {
  const link = join(folder, "redis-server");
  await symlink(PROGRAM, link);
  return link;
}

/** The Redis of the distribution (Debian, Ubuntu), installed where this process may do so. */
export const distributionRoute: Route = {
  name: "distribution package",
  async find(context) {
    await access(PROGRAM).catch(() => install(context));
    const path = await installBinary(context.cacheDir, "redis-server", linkAsServer);
    return fromExecutable(redisServer, path, context.env);
  },
};
