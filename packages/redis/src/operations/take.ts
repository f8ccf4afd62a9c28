import type { JobRef, Token } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { take as script } from "../generated/lua.js";

/** What the script answers of a job that is now held, or why it is not. */
export type Taken =
  | readonly [state: "held" | "started" | "final" | "missing"]
  | readonly [state: "done", entry: string, past: string, status: string, rank: string, due: string, key: string];

export interface Hold {
  readonly token: Token;
  readonly session: string;
  readonly number: number;
  /** Milliseconds. */
  readonly heldFor: number;
  readonly taken: Taken;
}

/**
 * Takes a waiting job out of reach of claims, for as long as what its holder does next may take.
 *
 * @param mover who has brought the job, if it asks
 */
export async function take(
  { connections, keys, sessions }: BrokerContext,
  { id, queue }: JobRef,
  mover: Token = "",
): Promise<Hold> {
  const session = sessions.of("move");
  const number = session.number();
  const token = `${session.id}.${number}`;
  const heldFor = 2 * connections.deadline;
  const args = [id, token, heldFor, mover];
  const taken = (await connections.run("producer", script, keys.queue(queue).of(script), args)) as Taken;
  return { token, session: session.id, number, heldFor, taken };
}
