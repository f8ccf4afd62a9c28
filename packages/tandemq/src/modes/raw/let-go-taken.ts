import type { Hold } from "@tandemq/core";
import { letGo, type RawContext } from "./context.js";
import type { Held } from "./held-claims.js";

/**
 * Lets go of deliveries whose lease is over and whose entry is gone or another's: the job has gone on without them. What
 * is known of them here may make no document any more, since theirs may have been deleted with the job.
 *
 * As long as the entries cannot be asked for, their holders keep them.
 */
export async function letGoTaken(context: RawContext, holds: readonly Hold[]): Promise<void> {
  const now = performance.now();
  const lapsed = holds.map((hold) => context.held.get(hold)).filter((one) => one !== undefined && one.until <= now);
  if (lapsed.length > 0) await letGoOf(context, lapsed as Held[]);
}

async function letGoOf(context: RawContext, lapsed: readonly Held[]): Promise<void> {
  await Promise.all(lapsed.map(({ start }) => start));
  const claims = lapsed.map(({ claim }) => claim);
  const entries = await context.live.get(claims).catch(() => undefined);
  claims.forEach((claim, i) => {
    if (entries && entries[i]?.token !== claim.token) letGo(context, claim);
  });
}
