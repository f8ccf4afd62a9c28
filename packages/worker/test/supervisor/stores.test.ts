import { afterEach, describe, expect, test } from "@jest/globals";
import { type Broker, BrokerUnavailableError, createMemoryDeployment, newJobId } from "@tandemq/core";
import { bench, endWorkers, Notes, patched, until } from "../harness.js";

afterEach(endWorkers);

/** A store that can be cut off: every call fails, before or after it acted. */
class Cut {
  calls = 0;
  how: "works" | "refused" | "answer lost" = "works";

  of(broker: Broker, methods: readonly ("claim" | "settle" | "extend")[]): Broker {
    const cut =
      (name: "claim" | "settle" | "extend") =>
      async (...args: never[]) => {
        if (this.how !== "works") this.calls++;
        if (this.how === "refused") throw new BrokerUnavailableError("connection refused");
        const answer: unknown = await (broker[name] as (...args: never[]) => Promise<unknown>).apply(broker, args);
        if (this.how === "answer lost") throw new BrokerUnavailableError("connection reset");
        return answer;
      };
    return patched(broker, Object.fromEntries(methods.map((name) => [name, cut(name)])) as Partial<Broker>);
  }
}

/** A store in whose time every lease is nearly over whenever leases were extended. */
class Leases {
  extended = 0;
  #now = Date.now();
  readonly options = {
    ...{ deployment: createMemoryDeployment({ now: () => this.#now }), lease: 60_000, extendEvery: 20 },
  };

  of(broker: Broker): Broker {
    const extend: Broker["extend"] = async (...args) => {
      const answers = await broker.extend(...args);
      this.extended++;
      this.#now += 50_000;
      return answers;
    };
    return patched(broker, { extend });
  }
}

describe("when the store fails", () => {
  test("outcomes are kept, asked again and settled when it is back; their leases are kept meanwhile", async () => {
    const cut = new Cut();
    const time = new Leases();
    const { worker, add, get, final, lines } = await bench({ processes: 0, ...time.options }, (broker) =>
      time.of(cut.of(broker, ["settle"])),
    );
    cut.how = "refused";
    await worker.start();
    const id = await add("add", { a: 1, b: 1 });
    await until(() => cut.calls >= 3 && time.extended >= 3, "it asks again and again");
    expect(await get(id)).toMatchObject({ status: "started", deliveries: 1 });
    expect((await get(id)).lapsed).not.toBe(true);
    cut.how = "works";
    expect(await final(id)).toMatchObject({ status: "success", deliveries: 1, result: { sum: 2 } });
    expect(lines.filter(({ msg }) => msg.startsWith("settling jobs"))).toMatchObject([{ level: 50 }, { level: 30 }]);
  });

  test("an outcome whose answer was lost is settled once", async () => {
    const cut = new Cut();
    const { worker, add, final } = await bench({ processes: 0 }, (broker) => cut.of(broker, ["settle"]));
    const lost: unknown[] = [];
    worker.on("lost", (delivery) => void lost.push(delivery));
    cut.how = "answer lost";
    await worker.start();
    const id = await add("add", { a: 1, b: 1 });
    await until(() => cut.calls > 1 && worker.report()?.runningCount === 0, "it is asked again");
    const retried = await add("flaky");
    cut.how = "works";
    expect(await final(id)).toMatchObject({ status: "success", deliveries: 1 });
    expect(await final(retried)).toMatchObject({ status: "success", attempt: 3, deliveries: 3 });
    expect(lost).toEqual([]);
  });

  test("claiming goes on after it, the outage is told once, and the other sources never stop", async () => {
    const cut = new Cut();
    const deployment = createMemoryDeployment({ queues: { r: "raw" } });
    const { broker: raw } = await deployment.route("r");
    const sources = deployment.sources.bind(deployment);
    deployment.sources = async (queues) => {
      const found = await sources(queues);
      return found.map((one) =>
        one.name === "regular" ? { ...one, queues: () => one.queues(), broker: cut.of(one.broker, ["claim"]) } : one,
      );
    };
    const { worker, add, final, lines } = await bench({ processes: 0, queues: [], deployment });
    cut.how = "refused";
    const errors: unknown[] = [];
    worker.on("error", (error) => void errors.push(error));
    await worker.start();
    const id = await add("noop");
    await until(() => cut.calls > 2, "it fails");
    const other = newJobId();
    await raw.enqueue([{ id: other, queue: "r", path: "noop", params: "{}", priority: 0, due: { after: 0 } }]);
    await until(
      async () => (await raw.get([{ id: other, queue: "r" }]))[0]?.status === "success",
      "the raw job is done",
    );
    cut.how = "works";
    expect((await final(id)).status).toBe("success");
    expect(lines.filter(({ msg }) => msg.startsWith("claiming jobs (regular) failed"))).toHaveLength(1);
    expect(errors).toMatchObject([{ code: "BROKER_UNAVAILABLE" }]);
  });

  test("an outcome that it refuses fails its job alone, for that reason", async () => {
    const refuse = (broker: Broker) =>
      patched(broker, {
        settle: async (settlements) => {
          const good = settlements.filter(
            ({ outcome }) => outcome.status !== "success" || JSON.stringify(outcome.result) !== '{"sum":13}',
          );
          const answers = await broker.settle(good);
          return settlements.map((one) => {
            const at = good.indexOf(one);
            return at >= 0
              ? (answers[at] ?? { state: "lost" })
              : { state: "refused", error: new RangeError("nobody holds 13") };
          });
        },
      });
    const { worker, add, final } = await bench({ processes: 0 }, refuse);
    const ids = await Promise.all([12, 13, 14].map((a) => add("add", { a, b: 0 })));
    await worker.start();
    const jobs = await Promise.all(ids.map((id) => final(id)));
    expect(jobs.map(({ status }) => status)).toEqual(["success", "failed", "success"]);
    expect(jobs[1]?.error).toMatchObject({ name: "RangeError", message: "nobody holds 13" });
  });

  test("a worker stops in time even so", async () => {
    const cut = new Cut();
    const { worker, add, get } = await bench({ processes: 0, lease: 1000 }, (broker) =>
      cut.of(broker, ["settle", "claim", "extend"]),
    );
    await worker.start();
    const id = await add("polite", { ms: 60_000 });
    await until(async () => (await get(id)).status === "started", "it runs");
    cut.how = "refused";
    const end = await worker.stop("abort");
    expect(end).toEqual({ code: 3, givenBack: 1 });
  });
});

describe("leases", () => {
  test("are kept as long as a job runs", async () => {
    const time = new Leases();
    const { worker, add, final } = await bench({ processes: 1, ...time.options }, (broker) => time.of(broker));
    const notes = new Notes();
    const end = notes.sign("end");
    const id = await add("waits", { until: end.file });
    await worker.start();
    await until(() => time.extended >= 3, "its lease would be over");
    end.give();
    expect(await final(id)).toMatchObject({ status: "success", deliveries: 1, lost: 0 });
    notes.remove();
  });

  test("a delivery that somebody else owns by now is aborted and settles nothing", async () => {
    let now = Date.now();
    const deployment = createMemoryDeployment({ now: () => now });
    const { worker, add, get, broker, lines } = await bench({
      processes: 0,
      deployment,
      lease: 60_000,
      extendEvery: 50,
    });
    const lost: string[] = [];
    worker.on("lost", ({ claim }) => void lost.push(claim.id));
    await worker.start();
    const id = await add("polite", { ms: 60_000 });
    await until(async () => (await get(id)).status === "started", "it runs");
    now += 100_000;
    const { claims } = await broker.claim({ queues: ["q"], max: 1, lease: 60_000, worker: "another" });
    expect(claims).toMatchObject([{ id, deliveries: 2, lost: 1 }]);
    await until(() => lost.includes(id), "the worker learns it");
    expect(lines.some(({ msg }) => msg.startsWith("the delivery was lost"))).toBe(true);
    await until(() => worker.report()?.runningCount === 0, "the run is over");
    expect(await get(id)).toMatchObject({ status: "started", worker: "another" });
    expect((await worker.stop()).code).toBe(0);
    expect(await get(id)).toMatchObject({ status: "started", worker: "another", token: claims[0]?.token });
  });
});

describe("claims that come too late", () => {
  test("are given back: the worker stops while its claim is on the way", async () => {
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const held = (broker: Broker) =>
      patched(broker, {
        claim: async (request) => {
          const answer = await broker.claim(request);
          if (answer.claims.length > 0) await released;
          return answer;
        },
      });
    const { worker, add, get } = await bench({ processes: 0 }, held);
    const id = await add("noop");
    await worker.start();
    await until(async () => (await get(id)).status === "started", "it is claimed");
    const stopped = worker.stop();
    release();
    expect(await stopped).toEqual({ code: 0, givenBack: 0 });
    expect(await get(id)).toMatchObject({ status: "interrupt", attempt: 0, lost: 0 });
  });

  test("are given back: an answer after the deadline of its claim", async () => {
    let first = true;
    const slow = (inner: Broker) =>
      patched(inner, {
        claim: async (request) => {
          const answer = await inner.claim(request);
          if (answer.claims.length > 0 && first) {
            first = false;
            await new Promise((resolve) => setTimeout(resolve, 1600));
          }
          return answer;
        },
      });
    const { worker, add, final } = await bench({ processes: 0, lease: 3000 }, slow);
    const id = await add("noop");
    await worker.start();
    expect(await final(id)).toMatchObject({ status: "success", deliveries: 2, lost: 0 });
  });
});
