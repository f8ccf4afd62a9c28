import { StoreRefusedError } from "@tandemq/core";
import type { Client } from "./connection.js";
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
  const policy = info.get("maxmemory_policy") ?? (await connections.command("producer", readPolicy));
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

async function readInfo(client: Client): Promise<Map<string, string>> {
  const text = await unlessForbidden(() => client.info());
  const pairs = (text ?? "").split("\r\n").map((line) => line.split(":", 2));
  return new Map(pairs.filter((pair) => pair.length === 2).map(([name = "", value = ""]) => [name, value]));
}

async function readPolicy(client: Client): Promise<string | undefined> {
  const answer = await unlessForbidden(() => client.config("GET", "maxmemory-policy"));
  return Array.isArray(answer) && typeof answer[1] === "string" ? answer[1] : undefined;
}

/** A managed server may forbid these commands to its users: then nothing is known. */
async function unlessForbidden<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && /NOPERM|unknown command/i.test(error.message)) return undefined;
    throw error;
  }
}
