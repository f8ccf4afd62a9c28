import type { Program } from "../executable.js";

/** The Redis server, 6.2 or later. */
export const redisServer: Program = {
  name: "redis-server",
  version: { pattern: /server v=((\d+)\.(\d+)\S*)/, atLeast: [6, 2] },
  placeFlags: (port, folder) => ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
};
