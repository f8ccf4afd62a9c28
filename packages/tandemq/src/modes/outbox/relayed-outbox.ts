import type { EnqueueAnswer, NewJob, Outbox, TransactionSession } from "@tandemq/core";

/** Where modes that live in Redis put jobs that are part of a transaction. */
export interface RelayedOutbox {
  add(session: TransactionSession, jobs: readonly NewJob[]): Promise<EnqueueAnswer[]>;
}

/** @param ended called when a session has ended: there may be something to relay */
export function relayedOutbox(outbox: Outbox, ended: () => void): RelayedOutbox {
  return {
    async add(session, jobs) {
      await outbox.add(session, jobs, ended);
      return jobs.map(({ id }) => ({ state: "enqueued", id, created: true }));
    },
  };
}
