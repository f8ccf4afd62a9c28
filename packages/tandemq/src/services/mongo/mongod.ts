import type { Program } from "../executable.js";

/** The MongoDB server, 5.0 or later. */
export const mongod: Program = {
  name: "mongod",
  version: { pattern: /db version v((\d+)\.(\d+)\S*)/, atLeast: [5, 0] },
  placeFlags: (port, folder) => ["--port", String(port), "--bind_ip", "127.0.0.1", "--dbpath", folder],
};
