import { InvalidOptionError } from "@tandemq/core";
import type { RedisOptions } from "ioredis";

/** @throws InvalidOptionError with the advice when the text names no host */
export function hostAndPort(text: string, usual: number, advice: string): { host: string; port: number } {
  const address = `redis://${text}`;
  const { hostname = "", port = "" } = URL.canParse(address) ? new URL(address) : {};
  if (hostname === "") throw new InvalidOptionError(advice);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? usual : Number(port) };
}

/** What stands before the hosts: `user:password`. */
export function login(credentials: string | undefined): RedisOptions {
  if (credentials === undefined) return {};
  const colon = credentials.indexOf(":");
  const password = decodeURIComponent(credentials.slice(colon + 1));
  return { ...(colon > 0 && { username: decodeURIComponent(credentials.slice(0, colon)) }), password };
}
