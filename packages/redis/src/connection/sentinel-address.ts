import { InvalidOptionError } from "@tandemq/core";
import type { RedisOptions } from "ioredis";
import { hostAndPort, login } from "./address-parts.js";

const form = /^(rediss?)\+sentinel:\/\/(?:([^@]*)@)?([^@/?#]+)\/([^/?#]+)(?:\/(\d+))?(?:\?(.*))?$/i;

const advice =
  "redis: an address of sentinels names them and their group: redis+sentinel://host:26379,host:26379/group, with user:password@ before the hosts, /database behind the group";

/**
 * What ioredis is told of an address such as `redis+sentinel://user:password@host:26379,host:26379/group/database`;
 * `undefined` for addresses of other kinds. The credentials are those of the Redis servers; those of the sentinels are
 * parameters, `?sentinelUsername=…&sentinelPassword=…`. With `rediss` both speak TLS.
 *
 * @throws InvalidOptionError for one of sentinels that cannot be read
 */
export function sentinelOptions(url: string): RedisOptions | undefined {
  if (!/^rediss?\+sentinel:/i.test(url)) return undefined;
  const [, scheme = "", credentials, hosts, group, db = "0", query] = form.exec(url) ?? [];
  if (hosts === undefined || group === undefined) throw new InvalidOptionError(advice);
  const own = new URLSearchParams(query);
  return {
    sentinels: hosts.split(",").map((host) => hostAndPort(host, 26_379, advice)),
    name: decodeURIComponent(group),
    db: Number(db),
    ...login(credentials),
    ...given("sentinelUsername", own.get("sentinelUsername")),
    ...given("sentinelPassword", own.get("sentinelPassword")),
    ...(scheme.toLowerCase() === "rediss" && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
  };
}

function given<K extends string>(name: K, value: string | null): { [key in K]?: string } {
  return (value === null ? {} : { [name]: value }) as { [key in K]?: string };
}
