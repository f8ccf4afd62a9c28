import { describe, expect, test } from "@jest/globals";
import {
  finalStatuses,
  isFinal,
  isLive,
  isStatus,
  liveStatuses,
  nextStatuses,
  type Status,
  statuses,
  type Verb,
} from "@tandemq/core";

const verbs: readonly Verb[] = ["claim", "settle", "give back", "cancel", "requeue"];

/** Every verb that is allowed, by status; what is not named is refused. */
const allowed: Readonly<Record<Status, readonly Verb[]>> = {
  queued: ["claim", "cancel"],
  retry: ["claim", "cancel"],
  interrupt: ["claim", "cancel"],
  started: ["claim", "settle", "give back"],
  success: ["requeue"],
  failed: ["requeue"],
  timeout: ["requeue"],
  maxretries: ["requeue"],
  cancel: ["requeue"],
  abort: ["requeue"],
  expired: ["requeue"],
};

describe("the status table", () => {
  test.each(statuses.flatMap((status) => verbs.map((verb) => [status, verb] as const)))("%s: %s", (status, verb) => {
    expect(nextStatuses(status, verb).length > 0).toBe(allowed[status].includes(verb));
  });

  test("each verb leads where it should, from wherever it is allowed", () => {
    const ends: Readonly<Record<Verb, readonly Status[]>> = {
      claim: ["started"],
      settle: [...finalStatuses, "retry"],
      "give back": ["interrupt"],
      cancel: ["cancel"],
      requeue: ["queued"],
    };
    for (const verb of verbs) {
      for (const status of statuses.filter((from) => allowed[from].includes(verb))) {
        expect([...nextStatuses(status, verb)].sort()).toEqual([...ends[verb]].sort());
      }
    }
  });

  test("every status is either live or final, and each can be reached", () => {
    const reached = new Set(statuses.flatMap((status) => verbs.flatMap((verb) => nextStatuses(status, verb))));
    expect([...reached].sort()).toEqual([...statuses].sort());
    for (const status of statuses) expect(isLive(status)).toBe(!isFinal(status));
    expect(statuses).toHaveLength(liveStatuses.length + finalStatuses.length);
  });

  test.each(["", "done", "QUEUED", "constructor", 1, null, undefined, {}, ["queued"]])("%j is no status", (value) => {
    expect(isStatus(value)).toBe(false);
  });
});
