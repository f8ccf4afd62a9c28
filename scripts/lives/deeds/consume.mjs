import { setTimeout as sleep } from "node:timers/promises";

const ways = ["done", "done", "done", "fail", "retry", "giveBack", "leave"];

const calls = {
  done: (job) => job.done({ n: job.params.n }),
  fail: (job) => job.fail(new Error("by hand")),
  retry: (job) => job.retry({ delay: 20 }),
  giveBack: (job) => job.giveBack(),
};

export async function consumeSome(program) {
  const { plan, random } = program;
  await consume({ ...program, queue: `hand/${plan.mode()}`, wait: 300, most: random.between(1, 10) });
}

/** Takes some jobs by hand and ends each in one way or another; `way` fixes it. */
export async function consume({ client, story, random, queue, wait, most, way }) {
  let left = most;
  for await (const job of client.consume(queue, { max: random.between(1, 3), wait, lease: "3s" })) {
    const { id, attempt, attempts, deliveries } = job;
    const facts = { id, n: job.params.n, fate: "hand" };
    story.tell("START", { ...facts, v: job.params.v, queue, path: "data", attempt, attempts, deliveries });
    await sleep(random.between(0, 20));
    const how = way ?? random.pick(ways);
    story.tell("END", { ...facts, how: how === "done" ? "ok" : how });
    if (how === "leave") return;
    await calls[how](job);
    left -= 1;
    if (left === 0) return;
  }
}
