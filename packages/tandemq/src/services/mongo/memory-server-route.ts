import { join } from "node:path";
import { fromExecutable } from "../executable.js";
import type { Route } from "../types.js";
import { mongod } from "./mongod.js";

/** The mongod that `mongodb-memory-server-core` downloads from the vendor, where that package is installed. */
export const memoryServerRoute: Route = {
  name: "mongodb-memory-server-core",
  async find({ env, cacheDir, progress }) {
    const { MongoBinary } = await import("mongodb-memory-server-core").catch(() => {
      throw new Error("not installed");
    });
    progress(`Getting mongod by mongodb-memory-server-core (kept in ${cacheDir}) ...`);
    const path = await MongoBinary.getPath({ downloadDir: join(cacheDir, "mongodb-binaries") });
    return fromExecutable(mongod, path, env);
  },
};
