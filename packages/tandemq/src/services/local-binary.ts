import type { ServerBinary } from "./types.js";

/** The flags that say on which loopback port a server listens and where its data is. */
export type PlaceFlags = (port: number, folder: string) => readonly string[];

/** A server started from an executable file on this machine. */
export function localBinary(path: string, version: string, placeFlags: PlaceFlags): ServerBinary {
  return {
    origin: `${path} (${version})`,
    startLimitMs: 30_000,
    command: (port, folder, flags) => [path, ...placeFlags(port, folder), ...flags],
  };
}
