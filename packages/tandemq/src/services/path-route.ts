import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fromExecutable, type Program } from "./executable.js";
import type { Context, Route } from "./types.js";

// Where distributions put servers, which is not on every user's PATH.
const SYSTEM_FOLDERS = ["/usr/sbin", "/usr/local/sbin"];

async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const folders = [...(env["PATH"] ?? "").split(delimiter).filter(Boolean), ...SYSTEM_FOLDERS];
  for (const folder of folders) {
    const path = join(folder, name);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  throw new Error(`no ${name}`);
}

/** The server that is installed on this machine. */
export function pathRoute(program: Program): Route {
  return {
    name: "PATH",
    find: async ({ env }: Context) => fromExecutable(program, await findOnPath(program.name, env), env),
  };
}
