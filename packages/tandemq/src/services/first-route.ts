import { BrokerUnavailableError } from "@tandemq/core";
import type { Context, Route, ServerBinary } from "./types.js";

/** What the error of a failed search says about the server that was wanted. */
export interface Wanted {
  /** Such as `MongoDB 5.0 or later`. */
  readonly server: string;
  /** Variable of the environment that names a running one. */
  readonly variable: string;
}

/** Tries the routes in order and gives the first that works. Throws BrokerUnavailableError naming all that was tried. */
export async function firstRoute(routes: readonly Route[], wanted: Wanted, context: Context): Promise<ServerBinary> {
  const reasons: string[] = [];
  for (const route of routes) {
    try {
      return await route.find(context);
    } catch (error) {
      reasons.push(`${route.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new BrokerUnavailableError(
    `No ${wanted.server} could be found or installed (${reasons.join("; ")}): ` +
      `install one, start Docker, or set ${wanted.variable} to the address of a running one.`,
  );
}
