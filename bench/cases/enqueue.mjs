/** Jobs per second of one producing process, nobody consuming; every add is awaited as the documentation shows. */
import { act, freshRun } from "../lib/measure.mjs";
import { loadPeer } from "../peers/index.mjs";

const everyone = ["bullmq", "no-storage", "raw", "regular"];

/** `alone` are peers that only add one by one. */
export const enqueueCases = ({ share, peers = everyone, alone = [] }) => [
  enqueueCase("bulks", "Add bulks of 50, one after another", { share, peers }),
  enqueueCase("single", "Add one by one", { share, peers: [...peers, ...alone] }),
  enqueueCase("concurrent", "Add with 100 concurrent producers", { share, peers }),
];

function enqueueCase(action, title, { share, peers }) {
  return {
    name: `add ${action}`,
    title,
    unit: "jobs/s",
    variants: peers.map((peer) => ({ name: peer, peer })),
    async measure(services, { peer }) {
      const run = await freshRun(services, peer);
      const { rate, added } = await act(run, action, { time: 600 * share });
      const { waiting } = await (await loadPeer(peer)).look(run.setup);
      if (waiting !== added) throw new Error(`${added} jobs were added, ${waiting} wait`);
      return rate;
    },
  };
}
