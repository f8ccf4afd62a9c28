import { countOf, type Job, liveStatuses } from "@tandemq/core";
import { isOver } from "../../modes/merge-job.js";
import { type Check, ok, warning } from "../finding.js";
import { rawStores } from "./orphaned-documents.js";

/** Entries of each raw queue that are looked at. */
const sample = 1_000;

const entries = ["entry", "entries"] as const;

/** Entries of raw jobs that are over by their documents: a death between the two left them there. */
export const leftoverEntries: Check = {
  name: "leftover-entries",
  needs: ["mongo", "redis"],
  async run(context) {
    const stores = rawStores(context);
    if (!stores || !context.modes.has("raw")) return [ok("no raw queues")];
    const live = stores.redis.broker();
    const left: Job[] = [];
    for (const queue of await context.queuesOf("raw")) {
      const found = await live.find({ queue, status: liveStatuses, limit: sample });
      const documents = await stores.documents.get(found.map(({ id }) => id));
      left.push(...found.filter((entry, i) => entry.status !== "started" && isOver(documents[i], entry.generation)));
    }
    if (left.length === 0) return [ok("no entry of a finished raw job is left in line")];
    const mend = {
      what: `remove ${countOf(left.length, ...entries)}`,
      run: async () => {
        const removed = (await live.remove(left)).filter((answer) => answer === "done");
        return `${countOf(removed.length, ...entries)} removed`;
      },
    };
    const means = "They are not run again: the claim that finds one removes it. Until then they count as waiting.";
    return [
      warning(
        `${countOf(left.length, "entry of a finished raw job is", "entries of finished raw jobs are")} still in line`,
        means,
        "Nothing; or run this with --fix.",
        mend,
      ),
    ];
  },
};
