import type { RedisFacts as Facts } from "@tandemq/redis";
import { type Check, error, type Finding, ok, warning } from "../finding.js";

/** Version, eviction, persistence and memory of Redis. */
export const redisServer: Check = {
  name: "redis-server",
  needs: ["redis"],
  async run({ redis }) {
    const facts = await redis.inspector().facts();
    return [version(facts), eviction(facts), persistence(facts), ...memory(facts), ...role(facts)];
  },
};

function version({ version: found }: Facts): Finding {
  if (found === undefined) return unknown("its version", "6.2 or newer");
  const [major = 0, minor = 0] = found.split(".").map(Number);
  if (major > 6 || (major === 6 && minor >= 2)) return ok(`Redis ${found}`);
  return error(`Redis ${found} is too old`, "Workers and clients refuse it.", "Upgrade the server to 6.2 or newer.");
}

function eviction({ evictionPolicy }: Facts): Finding {
  if (evictionPolicy === undefined) return unknown("maxmemory-policy", "noeviction");
  if (evictionPolicy === "noeviction") return ok("maxmemory-policy is noeviction");
  return error(
    `maxmemory-policy is ${evictionPolicy}`,
    "When its memory is full, Redis would throw jobs away; workers and clients refuse it.",
    "Run `redis-cli config set maxmemory-policy noeviction` and set it in redis.conf.",
  );
}

function persistence({ appendOnly, appendFsync, save, lastSaveFailed }: Facts): Finding {
  if (lastSaveFailed) {
    const means = "What was added since the last good write is lost when Redis ends, and it may refuse to take more.";
    return error(
      "Redis could not write its data to disk the last time",
      means,
      "Look at its log: the disk may be full.",
    );
  }
  if (appendOnly) return ok(`the append-only file is on (appendfsync ${appendFsync ?? "unknown"})`);
  if (appendOnly === undefined) return unknown("whether it persists its data", "appendonly yes");
  return warning(
    save ? `only snapshots are written (save ${save}), no append-only file` : "nothing is written to disk",
    "Jobs that wait in raw and no-storage queues are lost when Redis ends: those since the last snapshot, or all.",
    "Run `redis-cli config set appendonly yes` and set it in redis.conf, unless these jobs may be lost.",
  );
}

function memory({ usedMemory, maxMemory }: Facts): Finding[] {
  if (!usedMemory || !maxMemory || usedMemory < 0.8 * maxMemory) return [];
  const share = Math.round((100 * usedMemory) / maxMemory);
  const means = "When it is full, nothing more can be enqueued; what is there is safe and can be run.";
  return [warning(`Redis has used ${share} % of its memory`, means, "Raise maxmemory, or add workers.")];
}

function role({ role: found }: Facts): Finding[] {
  if (found === undefined || found === "master") return [];
  return [
    error(`this Redis is a ${found}`, "It takes no writes.", "Give the address of the primary, or of the sentinels."),
  ];
}

function unknown(what: string, wanted: string): Finding {
  const means = "The user may not run INFO or CONFIG GET, as on many managed servers.";
  return warning(`Redis does not tell ${what}`, means, `Make sure that it is ${wanted}.`);
}
