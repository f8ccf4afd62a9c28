/** Seconds that one thing takes that is done to 10,000 jobs at once, by their filter. Not part of a whole run. */
import { act, freshRun } from "../lib/measure.mjs";

const verbs = ["edit", "move", "cancel", "requeue", "requeue to", "remove", "remove over", "move to"];
const otherModes = { regular: ["raw", "no-storage"], raw: ["regular", "no-storage"], "no-storage": ["regular", "raw"] };

export const actionsCase = ({ share }) => ({
  name: "actions",
  title: `Do one thing to ${(10_000 * share).toLocaleString("en")} jobs`,
  unit: "s",
  rounds: 3,
  variants: Object.keys(otherModes).flatMap((peer) =>
    verbs.flatMap((verb) => targetsOf(verb, peer).map((to) => variant(peer, verb, to, 10_000 * share))),
  ),
  async measure(services, { peer, verb, to, count }) {
    const run = await freshRun(services, peer);
    const { seconds, report } = await act(run, "actOnMany", { verb, to, count });
    if (report.done !== count || report.found !== count) throw new Error(`${verb}: ${JSON.stringify(report)}`);
    return seconds;
  },
});

const targetsOf = (verb, peer) => (verb === "move to" ? otherModes[peer] : [peer]);

const variant = (peer, verb, to, count) => ({
  name: `${peer}, ${verb}${verb === "move to" ? ` ${to}` : ""}`,
  ...{ peer, verb, to, count, rounds: 3 },
});
