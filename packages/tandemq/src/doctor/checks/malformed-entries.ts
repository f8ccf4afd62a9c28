import { countOf } from "@tandemq/core";
import { type Check, ok, warning } from "../finding.js";

/** What was found in Redis queues that cannot be a job. */
export const malformedEntries: Check = {
  name: "malformed-entries",
  needs: ["redis"],
  async run(context) {
    const broker = context.redis.broker();
    const names = await context.queuesOf("raw", "no-storage");
    const lists = await Promise.all(names.map((name) => broker.malformed(name, 1_000)));
    const spoilt = lists.flat();
    if (spoilt.length === 0) return [ok("no entry was set aside")];
    const [last] = spoilt;
    const what = `${countOf(spoilt.length, "entry that cannot be a job was", "entries that cannot be jobs were")} set aside, such as ${last?.id} of queue ${last?.queue}: ${last?.reason}`;
    const means = "A program writes to these queues what no worker can read; each is shown as a failed job.";
    return [warning(what, means, "Find that program; see `tandemq jobs --status failed`.")];
  },
};
