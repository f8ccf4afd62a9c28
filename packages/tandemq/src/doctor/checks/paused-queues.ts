import { type Check, ok, warning } from "../finding.js";

/** Which queues somebody has paused. */
export const pausedQueues: Check = {
  name: "paused-queues",
  needs: [],
  async run({ modes }) {
    const lists = await Promise.all([...modes.values()].map((broker) => broker.paused()));
    const names = [...new Set(lists.flat())].sort();
    if (names.length === 0) return [ok("no queue is paused")];
    const todo = names.map((name) => `\`tandemq queues resume ${name}\``).join(", ");
    return [warning(`paused: ${names.join(", ")}`, "No job of these queues starts.", `If that is forgotten: ${todo}.`)];
  },
};
