import { setTimeout as sleep } from "node:timers/promises";

/** What operators do. */
export const deeds = { pause, look };

/** Queues and trees of a mode that are paused now and then. */
export const pausable = (mode) => [`${mode}/tree/`, `${mode}/a`, `${mode}/tree/y/`];

async function pause({ plan, random, client, story }) {
  const name = random.pick(pausable(plan.mode()));
  const queue = client.queue(name);
  const facts = { name, call: plan.number() };
  await queue.pause();
  story.tell("PAUSED", facts);
  await sleep(random.between(0, 2500));
  story.tell("RESUME", facts);
  await queue.resume();
}

async function look({ plan, random, client, known }) {
  const [ref] = known.some(random, 1);
  const queue = plan.queue();
  const ofJob = ref
    ? [() => client.children(ref.id), () => client.job(ref.id), () => client.why(ref.id).catch(unlessGone)]
    : [];
  const looks = [
    ...ofJob,
    () => client.jobs({ queue, limit: 20 }),
    () => client.jobs({ status: ["started"], tags: ["red"] }),
    () => client.queue(queue).counts(),
    () => client.queue(queue).histogram(),
    () => client.queue(queue).head(5),
    () => client.deadLetters({ queue }),
    () => client.workers(),
  ];
  await random.pick(looks)();
}

function unlessGone(error) {
  if (error.code !== "JOB_NOT_FOUND") throw error;
}
