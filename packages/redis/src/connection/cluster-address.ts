import { InvalidOptionError } from "@tandemq/core";
import type { ClusterNode, RedisOptions } from "ioredis";
import { hostAndPort, login } from "./address-parts.js";

const form = /^(rediss?)\+cluster:\/\/(?:([^@]*)@)?([^@/?#]+)\/?$/i;

const advice =
  "redis: an address of a cluster names some of its nodes: redis+cluster://host:6379,host:6379, with user:password@ before them; a cluster has no databases";

/** The nodes that are asked first, and what holds for each node. */
export interface ClusterAddress {
  readonly nodes: readonly ClusterNode[];
  readonly options: RedisOptions;
}

/**
 * What ioredis is told of an address such as `redis+cluster://user:password@host:6379,host:6379`; `undefined` for addresses
 * of other kinds. With `rediss` all nodes speak TLS.
 *
 * @throws InvalidOptionError for one of a cluster that cannot be read
 */
export function clusterAddress(url: string): ClusterAddress | undefined {
  if (!/^rediss?\+cluster:/i.test(url)) return undefined;
  const [, scheme = "", credentials, hosts] = form.exec(url) ?? [];
  if (hosts === undefined) throw new InvalidOptionError(advice);
  return {
    nodes: hosts.split(",").map((host) => hostAndPort(host, 6379, advice)),
    options: { ...login(credentials), ...(scheme.toLowerCase() === "rediss" && { tls: {} }) },
  };
}
