/**
 * One measured process: a worker or a producer of one peer, told what to do by messages of the harness.
 * Fresh for every measurement, so that no peer inherits another's heap or compiled code.
 */
import { loadPeer } from "../peers/index.mjs";
import { actOnMany } from "./act-on-many.mjs";
import { now, sleep } from "./clock.mjs";
import { countLedger } from "./ledger.mjs";
import { paramsOf } from "./work.mjs";

const actions = { worker, idlers, fill, spread, sustain, single, concurrent, bulks, trickle, answers, actOnMany };
process.on("disconnect", () => process.exit(1));
process.on("SIGINT", () => {});

let end = async () => {};

process.on("message", async ({ action, peer, setup }) => {
  try {
    const answer = action === "end" ? await end() : await actions[action](await loadPeer(peer), setup);
    process.send({ answer: answer ?? {} });
  } catch (error) {
    process.send({ error: error.stack });
  }
});

process.send({ answer: "up" });

async function worker(peer, setup) {
  const running = await peer.worker(setup);
  end = () => running.stop();
}

/** Workers of other queues, in one process: attached, with nothing to do. */
async function idlers(peer, setup) {
  const all = Array.from({ length: setup.count }, (_, i) =>
    peer.worker({ ...setup, queue: `idle-${i}`, serve: [`idle-${i}`] }),
  );
  const running = await Promise.all(all);
  end = () => Promise.all(running.map((one) => one.stop()));
}

/** Adds `count` jobs as fast as may be, numbered on from `from`: the work that a worker will be measured with. */
async function fill(peer, setup) {
  const { from = 0, count, singly = false } = setup;
  const producer = await peer.producer(setup);
  if (singly) for (const params of list(from, count, setup)) await producer.add(params);
  else for (let i = 0; i < count; i += 1000) await producer.addMany(list(from + i, Math.min(1000, count - i), setup));
  await producer.close();
}

/** Adds one job to each of the `queues`, a hundred at a time. */
async function spread(peer, setup) {
  const { from = 0, queues } = setup;
  const producer = await peer.producer(setup);
  for (let i = 0; i < queues.length; i += 100) {
    const some = queues.slice(i, i + 100);
    await Promise.all(some.map((queue, k) => producer.addTo(queue, paramsOf(from + i + k))));
  }
  await producer.close();
}

/** Keeps the queue full for `time` milliseconds: never empty, never more than about `depth` jobs. */
async function sustain(peer, setup) {
  const producer = await peer.producer(setup);
  const stop = now() + setup.time;
  let added = 0;
  while (now() < stop) {
    if (added - countLedger(process.env.BENCH_LEDGER) > setup.depth) await sleep(2);
    else await producer.addMany(list((added += 500) - 500, 500, setup));
  }
  await producer.close();
  return { added };
}

/** One job at a time, each when the answer to the last one is there; tells how long each took. */
async function answers(peer, setup) {
  const producer = await peer.producer(setup);
  const times = [];
  for (let i = 0; i < setup.count; i += 1) {
    const began = now();
    const { v } = await producer.answer(paramsOf(i));
    if (v !== 1 + i) throw new Error(`the answer to job ${i} is ${v}`);
    times.push(now() - began);
  }
  await producer.close();
  return { times };
}

/** One after another, each awaited. A peer in another language measures it there. */
async function single(peer, setup) {
  if (!peer.remote) return timed(peer, setup, 1, async (producer, take) => producer.add(take(1)[0]));
  const producer = await peer.producer(setup);
  const measured = await producer.single(setup.time);
  await producer.close();
  return measured;
}

/** A hundred producers in one process, each adding one after another. */
function concurrent(peer, setup) {
  return timed(peer, setup, 100, async (producer, take) => producer.add(take(1)[0]));
}

/** Bulks of fifty, one after another, each awaited. */
function bulks(peer, setup) {
  return timed(peer, setup, 1, async (producer, take) => producer.addMany(take(50)));
}

/** So long everybody's rate still rises, because code is being compiled, ms. */
const warmUp = 1000;

/** Repeats `step` in `width` loops: first unmeasured to warm up, then for `setup.time` milliseconds. */
async function timed(peer, setup, width, step) {
  const producer = await peer.producer(setup);
  let added = 0;
  const take = (n) => list((added += n) - n, n, setup);
  const loops = async (time) => {
    const stop = now() + time;
    const loop = async () => {
      do await step(producer, take);
      while (now() < stop);
    };
    await Promise.all(Array.from({ length: width }, loop));
  };
  await loops(warmUp);
  const [before, start] = [added, now()];
  await loops(setup.time);
  const rate = ((added - before) / (now() - start)) * 1000;
  await producer.close();
  return { rate, added };
}

/** One job at a time with long pauses; tells when each enqueue began. */
async function trickle(peer, setup) {
  const producer = await peer.producer(setup);
  const times = [];
  for (let i = 0; i < setup.count; i += 1) {
    await sleep(setup.pause * (0.75 + Math.random() / 2));
    times.push(now());
    await producer.add(paramsOf(i));
  }
  await producer.close();
  return { times };
}

function list(from, count, { more }) {
  return Array.from({ length: count }, (_, i) => paramsOf(from + i, more));
}
