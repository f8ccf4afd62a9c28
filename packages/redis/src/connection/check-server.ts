import { StoreRefusedError } from "@tandemq/core";
import { readInfo, readSetting } from "../inspect/read-info.js";
import type { Connections } from "./connections.js";

/** Oldest server with everything the scripts use. */
const oldest = [6, 2] as const;

/**
 * Refuses a server that is too old, or that would evict jobs; tells `warn` what cannot be known.
 *
 * @throws StoreRefusedError with the command that mends it
 */
export async function checkServer(connections: Connections, warn: (message: string) => void): Promise<void> {
  const info = await connections.command("producer", readInfo);
  checkVersion(info, connections.where, warn);
  const policy =
    info.get("maxmemory_policy") ??
    (await connections.command("producer", (client) => readSetting(client, "maxmemory-policy")));
  checkPolicy(policy, connections.where, warn);
}

function checkVersion(info: ReadonlyMap<string, string>, where: string, warn: (message: string) => void): void {
  const version = info.get("redis_version");
  if (version === undefined) return warn(`Redis at ${where} does not tell its version: TandemQ needs 6.2 or newer`);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new StoreRefusedError(
    `Redis at ${where} is version ${version}: TandemQ needs 6.2 or newer; upgrade the server`,
  );
}

function checkPolicy(policy: string | undefined, where: string, warn: (message: string) => void): void {
  const mend = "redis-cli config set maxmemory-policy noeviction";
  if (policy === undefined) {
    warn(`Redis at ${where} does not tell its maxmemory-policy: make sure that it is noeviction (${mend})`);
  } else if (policy !== "noeviction") {
    throw new StoreRefusedError(
      `Redis at ${where} has maxmemory-policy ${policy} and would throw jobs away when its memory is full: run "${mend}" and set it in redis.conf, or use another server`,
    );
  }
}
