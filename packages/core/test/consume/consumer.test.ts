import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { waitFor } from "../../../../test/support/wait-for.js";
import {
  type Broker,
  BrokerUnavailableError,
  Client,
  type Codec,
  createMemoryDeployment,
  type Deployment,
  type HeldJob,
  newJobId,
  withCodec,
} from "../../src/index.js";

const queue = "q";
let clock: number;
let deployment: Deployment;
let client: Client;

beforeEach(() => {
  clock = 1_000_000;
  deployment = createMemoryDeployment({ now: () => clock });
  client = new Client(deployment);
});
afterEach(() => client.close());

const brokerOf = async (): Promise<Broker> => (await deployment.route(queue)).broker;
const statusOf = async (id: string) => (await client.job(id, queue))?.status;

async function put(n: number): Promise<string[]> {
  const jobs = [];
  for (let i = 0; i < n; i++) jobs.push(await client.put(queue, { i }));
  return jobs.map(({ id }) => id);
}

test("each way to settle", async () => {
  const ids = await put(4);
  const held: HeldJob[] = [];
  for await (const job of client.consume(queue, { max: 4, wait: 0 })) {
    held.push(job);
    if (job.params["i"] === 0) expect(await job.done({ sum: 1 })).toBe(true);
    if (job.params["i"] === 1) expect(await job.fail(new RangeError("no"))).toBe(true);
    if (job.params["i"] === 2) expect(await job.retry({ delay: "1h" })).toBe(true);
    if (held.length === 4) break;
  }
  expect(await Promise.all(ids.map(statusOf))).toEqual(["success", "failed", "retry", "interrupt"]);
  expect(await client.job(ids[0]!, queue)).toMatchObject({ result: { sum: 1 }, attempt: 1 });
  expect((await client.job(ids[1]!, queue))?.error).toMatchObject({ name: "RangeError", message: "no" });
});

test("a failed job comes again while it has attempts left", async () => {
  const { id } = await client.put(queue, { n: 1 }, { attempts: 2, backoff: { type: "fixed", delay: 0 } });
  const attempts: string[] = [];
  for await (const job of client.consume(queue, { wait: 0 })) {
    attempts.push(`${job.attempt}/${job.attempts}`);
    await job.fail(new Error("x"));
  }
  expect(attempts).toEqual(["1/2", "2/2"]);
  expect(await statusOf(id)).toBe("maxretries");
});

test("a loop that throws gives back what it holds, and what was claimed ahead", async () => {
  const ids = await put(3);
  const loop = async () => {
    for await (const _ of client.consume(queue, { max: 3 })) throw new Error("mine");
  };
  await expect(loop()).rejects.toThrow("mine");
  expect(await Promise.all(ids.map(statusOf))).toEqual(["interrupt", "interrupt", "interrupt"]);
});

test("no more than max are held; settling one makes room", async () => {
  await put(3);
  const jobs = client.consume(queue, { max: 2 })[Symbol.asyncIterator]();
  const [first] = [await jobs.next(), await jobs.next()];
  const third = jobs.next();
  const broker = await brokerOf();
  expect((await broker.counts([queue])).get(queue)).toMatchObject({ started: 2, queued: 1 });
  if (first?.done === false) await first.value.done();
  expect(await third).toMatchObject({ done: false, value: { params: { i: 2 } } });
  await jobs.return();
  expect((await broker.counts([queue])).get(queue)).toMatchObject({ started: 0, interrupt: 2, success: 1 });
});

test("leases are extended while jobs are held, and a lost one is told", async () => {
  await put(2);
  const jobs = client.consume(queue, { max: 2, lease: "1s" })[Symbol.asyncIterator]();
  const [kept, lost] = [await jobs.next(), await jobs.next()];
  if (kept.done !== false || lost.done !== false) throw new Error("no jobs");
  const broker = await brokerOf();
  const due = async (job: HeldJob) => (await broker.get([job]))[0]?.due?.getTime() ?? 0;
  clock += 900;
  await waitFor("the lease is extended", async () => (await due(kept.value)) > clock);
  await broker.settle([{ ...lost.value.claim, outcome: { status: "interrupt" } }]);
  await broker.claim({ queues: [queue], max: 1, lease: 60_000, worker: "other" });
  await waitFor("the loss is told", async () => lost.value.signal.aborted);
  expect(kept.value.signal.aborted).toBe(false);
  expect(await lost.value.done()).toBe(false);
  expect(await kept.value.done()).toBe(true);
  await jobs.return();
});

test("a store that is away is waited for, in claims and settlements", async () => {
  await put(1);
  const broker = await brokerOf();
  const { claim, settle } = broker;
  let away = 2;
  const fails = () => Promise.reject(new BrokerUnavailableError("away"));
  broker.claim = (request) => (away-- > 1 ? fails() : claim.call(broker, request));
  broker.settle = (settlements) => (away-- > -1 ? fails() : settle.call(broker, settlements));
  for await (const job of client.consume(queue, { wait: "1m" })) {
    expect(await job.done()).toBe(true);
    break;
  }
  expect((await broker.counts([queue])).get(queue)?.success).toBe(1);
});

test("a job that killed its holders too often is not handed out", async () => {
  const [id] = await put(2);
  const broker = await brokerOf();
  for (let i = 0; i < 4; i++) {
    const { claims } = await broker.claim({ queues: [queue], max: 1, lease: 1000, worker: "w" });
    await broker.settle(claims.map((one) => ({ ...one, outcome: { status: "interrupt", lost: true } })));
  }
  const seen: unknown[] = [];
  for await (const job of client.consume(queue, { wait: 0 })) {
    seen.push(job.params["i"]);
    await job.done();
  }
  expect(seen).toEqual([1]);
  expect((await client.job(id!, queue))?.error?.name).toBe("WorkerLostError");
});

test("a signal, and the client's end, end the loop and give back", async () => {
  const [id] = await put(1);
  const stop = new AbortController();
  for await (const _ of client.consume(queue, { signal: stop.signal })) stop.abort();
  expect(await statusOf(id!)).toBe("interrupt");
  const jobs = client.consume(queue)[Symbol.asyncIterator]();
  await jobs.next();
  const broker = await brokerOf();
  await client.close();
  expect((await broker.get([{ id: id!, queue }]))[0]?.status).toBe("interrupt");
  expect(await jobs.next()).toEqual({ done: true, value: undefined });
});

test("mistakes are refused", async () => {
  expect(() => client.consume("")).toThrow("queue name");
  expect(() => client.consume(queue, { max: 0 })).toThrow("max");
  expect(() => client.consume(queue, { lease: 10 })).toThrow("at least 1 s");
  expect(() => client.consume(queue, { leese: 1 } as object)).toThrow('did you mean "lease"');
  await put(1);
  for await (const job of client.consume(queue)) {
    await expect(job.done({ n: Number.NaN })).rejects.toMatchObject({ code: "INVALID_RESULT" });
    await job.done();
    await expect(job.done()).rejects.toThrow("settled already");
    break;
  }
});

test("jobs that were encoded, and cannot be decoded here, are refused and go back", async () => {
  const codec: Codec = {
    name: "turned",
    encode: (text) => Buffer.from(text).toString("base64"),
    decode: (text) => text,
  };
  const broker = await brokerOf();
  const ids = await put(1);
  const sealed = { path: "t", queue, priority: 0, due: { after: 0 }, id: newJobId(), params: '{"a":1}' };
  await withCodec(broker, codec).enqueue([sealed]);
  const loop = client.consume(queue, { max: 10, wait: 0 })[Symbol.asyncIterator]();
  await expect(loop.next()).rejects.toMatchObject({
    code: "CODEC",
    message: expect.stringContaining('encoded by codec "turned", and this client has none'),
  });
  expect(await Promise.all([...ids, sealed.id].map(statusOf))).toEqual(["interrupt", "interrupt"]);
});
