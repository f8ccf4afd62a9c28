import type { ClientSession } from "mongodb";

const waiting = new WeakMap<ClientSession, Set<() => void>>();

/** Calls back once when the session has ended, by commit or not; the same function only once, however often it is given. */
export function afterSession(session: ClientSession, run: () => void): void {
  const known = waiting.get(session);
  if (known) return void known.add(run);
  const all = new Set([run]);
  waiting.set(session, all);
  session.once("ended", () => {
    for (const one of all) one();
  });
}
