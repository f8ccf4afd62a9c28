import { setTimeout as sleep } from "node:timers/promises";

/** Ways to add jobs. */
export const deeds = { enqueue, enqueueMany, transaction, wait, put, visit };

async function enqueue(program) {
  const job = program.plan.job();
  await add(program, program.plan.is(0.1) ? withId(job, program) : job);
}

async function add(program, { path, params, options }, op = "enqueue") {
  tryOut(program, { path, params, options }, { op });
  const handle = await program.client.enqueue(path, params, options);
  added(program, handle, params, op);
  return handle;
}

function tryOut({ story }, { path, params: { n, v, fates }, options }, facts) {
  story.tell("TRY", { n, v, fates, path, options, ...facts });
}

function added({ story, known }, { id, created, outcome, queue }, { n }, op) {
  story.tell("OK", { op, n, id, created, outcome, queue });
  known.add({ id, queue });
}

function withId({ options, ...job }, { random }) {
  const id = Array.from({ length: 24 }, () => random.between(0, 15).toString(16)).join("");
  return { ...job, options: { ...options, id } };
}

async function enqueueMany(program) {
  const { plan, random, client } = program;
  const delayed = plan.is(0.5) ? { delay: random.between(0, 500), tags: ["red"] } : {};
  const options = { queue: plan.queue(), ...delayed };
  const path = random.pick(["lives.run", "lives.batch", "lives.two"]);
  const list = Array.from({ length: random.between(2, 30) }, () => {
    return { n: plan.number(), v: 0, fates: [random.pick(["ok", "quick", "fail"])], ms: 1, group: "g1" };
  });
  for (const params of list) tryOut(program, { path, params, options }, { op: "many" });
  const handles = await client.enqueueMany(path, list, options);
  handles.forEach((handle, i) => added(program, handle, list[i], "many"));
}

/** Some jobs that are there together, or none of them. */
async function transaction(program) {
  const { plan, random, mongo, story } = program;
  const jobs = Array.from({ length: random.between(1, 4) }, () => forSession(plan.job()));
  for (const job of jobs) tryOut(program, job, { op: "transaction" });
  const stop = plan.is(0.4) ? new Error("rolled back") : undefined;
  let handles = [];
  try {
    await mongo.withSession((session) =>
      session.withTransaction(async () => {
        handles = await enqueueAll(program, jobs, session);
        await sleep(random.between(0, 20));
        if (stop) throw stop;
      }),
    );
  } catch (error) {
    if (error !== stop) throw error;
    for (const { params } of jobs) story.tell("ROLLED", { n: params.n });
    return;
  }
  handles.forEach((handle, i) => added(program, handle, jobs[i].params, "transaction"));
}

function forSession({ options: { onDuplicate: _, ...options }, ...job }) {
  return { ...job, options };
}

async function enqueueAll({ client }, jobs, session) {
  const handles = [];
  for (const { path, params, options } of jobs) {
    handles.push(await client.enqueue(path, params, { ...options, session }));
  }
  return handles;
}

/** Enqueues a job and waits for its end, as a caller does who wants the result. */
async function wait(program) {
  const { plan, random, setup, story } = program;
  const stored = setup.modes.filter((mode) => mode !== "no-storage");
  if (stored.length === 0) return;
  const handle = await add(program, plan.job({ mode: random.pick(stored) }));
  const facts = { call: plan.number(), id: handle.id };
  story.tell("WAIT", facts);
  handle.finished({ timeout: "100s" }).then(
    ({ status }) => story.tell("WAITED", { ...facts, status }),
    ({ code, message }) => story.tell("WAITED", { ...facts, code, text: message }),
  );
}

/** A job of no task, for those who consume. */
async function put(program) {
  const { plan, client } = program;
  const tried = plan.is(0.5) ? { attempts: 3, backoff: { type: "fixed", delay: 50 } } : {};
  const options = { queue: `hand/${plan.mode()}`, ...tried };
  const params = { n: plan.number(), v: 0, fates: ["hand"] };
  tryOut(program, { params, options }, { op: "put" });
  added(program, await client.put(options.queue, params, options), params, "put");
}

/** An entry of a timed queue, added again and again. */
async function visit(program) {
  const { plan, random, setup } = program;
  const modes = setup.modes.filter((mode) => mode !== "regular");
  if (!setup.kinds || modes.length === 0) return;
  const again = plan.is(0.2) ? { again: random.between(10, 100) } : {};
  const params = { n: plan.number(), v: 0, fates: ["ok"], ms: random.between(0, 60), group: "g2", ...again };
  const delay = plan.is(0.5) ? { delay: random.between(0, 300) } : {};
  const options = { queue: `${random.pick(modes)}/timed`, key: `k${random.between(0, 1)}`, ...delay };
  await add(program, { path: "lives.run", params, options });
}
