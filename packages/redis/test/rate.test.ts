import { createHash } from "node:crypto";
import { limiterRate } from "../../../test/contract/limiter-rate.js";
import { redisUrl } from "../../../test/support/stores.js";
import { unique } from "../../../test/support/unique.js";
import { Connections } from "../src/connection/connections.js";
import type { LuaScript } from "../src/generated/lua.js";
import { Keyspace } from "../src/keys.js";
import { RedisLimiter } from "../src/redis-limiter.js";

/** The scripts with a clock of the test's. Nothing expires by the server's own. */
class ModelledConnections extends Connections {
  readonly #now: () => number;

  constructor(now: () => number) {
    super({ url: redisUrl() });
    this.#now = now;
  }

  override run(...[kind, script, keys, args]: Parameters<Connections["run"]>): Promise<unknown> {
    return super.run(kind, this.#modelled(script), keys, args);
  }

  #modelled(script: LuaScript): LuaScript {
    const now = this.#now();
    const time = `{ ${Math.floor(now / 1000)}, ${(now % 1000) * 1000} }`;
    const lua = script.lua.replace("call('TIME')", time).replaceAll(/call\('PEXPIRE(AT)?'/g, "type('PEXPIRE'");
    return { ...script, lua, sha1: createHash("sha1").update(lua).digest("hex") };
  }
}

limiterRate(
  "Redis",
  async (now) => {
    const keys = new Keyspace(unique("rate"));
    const connections = [new ModelledConnections(now), new ModelledConnections(now)] as const;
    const [one, other] = connections;
    const close = async () => connections.forEach((each) => each.close());
    return { limiters: [new RedisLimiter(one, keys), new RedisLimiter(other, keys)], close };
  },
  { runs: 10 },
);
