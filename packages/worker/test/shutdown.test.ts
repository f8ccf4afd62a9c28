import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createMemoryDeployment } from "@tandemq/core";
import type { WorkerOptions } from "@tandemq/worker";
import { Notes, bench, endWorkers, fixtures, isAlive, tasks, until } from "./harness.js";

const script = fileURLToPath(new URL("./fixtures/supervisor.mjs", import.meta.url));

interface Line {
  readonly ready?: true;
  readonly children?: number[];
  readonly settled?: string;
  readonly stopping?: string;
  readonly code?: number;
  readonly givenBack?: number;
  readonly statuses?: string[];
  readonly attempts?: number[];
}

/** A worker in a process of its own. */
class WorkerProcess {
  readonly lines: Line[] = [];
  readonly process: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(jobs: readonly { path: string; params: object }[], options: Omit<WorkerOptions, "deployment" | "tasks">) {
    const order = JSON.stringify({ jobs, options: { tasks, ...options } });
    this.process = spawn(process.execPath, [script, order], { stdio: ["ignore", "pipe", "inherit"] });
    const { stdout } = this.process;
    if (stdout) createInterface(stdout).on("line", (line) => this.lines.push(JSON.parse(line) as Line));
    this.#exited = new Promise((resolve) => this.process.once("exit", resolve));
  }

  line(which: keyof Line): Promise<Line> {
    return until(() => this.lines.find((line) => which in line), `a line with ${which}`);
  }

  /** Resolves when the worker has heard so many requests to stop: equal signals that come at once are one. */
  stops(count: number): Promise<true> {
    return until(() => this.lines.filter((line) => line.stopping).length >= count, `${count} requests to stop`);
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  exited(): Promise<number | null> {
    return this.#exited;
  }
}

let notes: Notes;
let running: WorkerProcess | undefined;

beforeEach(() => {
  notes = new Notes();
});

afterEach(async () => {
  running?.process.kill("SIGKILL");
  await running?.exited();
  running = undefined;
  notes.remove();
  await endWorkers();
});

function start(...args: ConstructorParameters<typeof WorkerProcess>): WorkerProcess {
  running = new WorkerProcess(...args);
  return running;
}

function started(count: number): Promise<true> {
  return until(() => notes.read().filter(({ what }) => what === "start").length >= count, `${count} jobs started`);
}

describe.each([0, 2])("with %i processes, the stages of a shutdown", (processes) => {
  const job = (path: string, ms: number) => ({ path, params: { ms, ledger: notes.file } });

  test("SIGTERM: nothing new is claimed, what runs is finished, exit code 0", async () => {
    const end = notes.sign("end");
    const waits = { path: "waits", params: { until: end.file, ledger: notes.file } };
    const worker = start([waits, waits, job("stubborn", 1)], { processes, concurrency: 1 });
    await started(processes || 1);
    worker.signal("SIGTERM");
    await worker.stops(1);
    end.give();
    expect(await worker.exited()).toBe(0);
    const { statuses, code } = await worker.line("code");
    expect(code).toBe(0);
    expect(statuses).toEqual(["success", processes ? "success" : "queued", "queued"]);
  });

  test("SIGINT twice: tasks are aborted, their jobs given back without an attempt, exit code 3", async () => {
    const worker = start([job("polite", 60_000), job("polite", 60_000)], { processes });
    await started(2);
    worker.signal("SIGINT");
    await worker.stops(1);
    worker.signal("SIGINT");
    expect(await worker.exited()).toBe(3);
    expect(await worker.line("code")).toMatchObject({
      givenBack: 2,
      statuses: ["interrupt", "interrupt"],
      attempts: [0, 0],
    });
  });

  test("the drain limit does the same as a second signal", async () => {
    const worker = start([job("polite", 60_000)], { processes, drain: 150 });
    await started(1);
    worker.signal("SIGTERM");
    expect(await worker.exited()).toBe(3);
  });

  test("a third signal kills, exit code 4; the jobs were given back", async () => {
    const worker = start([job("stubborn", 60_000)], { processes });
    await started(1);
    for (const stage of [1, 2, 3]) {
      worker.signal("SIGTERM");
      await worker.stops(stage);
    }
    expect(await worker.exited()).toBe(4);
    expect(await worker.line("code")).toMatchObject({ statuses: ["interrupt"], attempts: [0] });
  });

  test("tasks that do not listen are killed at last, exit code 4", async () => {
    const worker = start([job("stubborn", 60_000)], { processes, drain: 50, killAfter: 200 });
    await started(1);
    worker.signal("SIGTERM");
    expect(await worker.exited()).toBe(4);
  });
});

test("kill -9 of a worker leaves no child, even one that never lets go of its thread, nor what it started", async () => {
  const endless = { path: "endless", params: { ledger: notes.file } };
  const parent = { path: "parent", params: { ledger: notes.file } };
  const worker = start([endless, endless, parent], { processes: 3, concurrency: 1 });
  const { children = [] } = await worker.line("ready");
  await until(() => notes.read().length >= 3, "all jobs run");
  const grandchild = Number(
    notes
      .read()
      .find(({ what }) => what.startsWith("child"))
      ?.what.split(" ")[1],
  );
  expect([...children, grandchild].every(isAlive)).toBe(true);
  worker.signal("SIGKILL");
  await until(() => ![...children, grandchild].some(isAlive), "all are gone");
});

test("children outlive the signals of a terminal and a service manager", async () => {
  const { worker, add, final } = await bench({ processes: 1 });
  const id = await add("stubborn", { ms: 300, ledger: notes.file });
  await worker.start();
  await started(1);
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(notes.read()[0]?.pid ?? 0, name);
  expect(await final(id)).toMatchObject({ status: "success", deliveries: 1 });
});

describe("the start", () => {
  test("goes on without the files that cannot be imported, and says which", async () => {
    const patterns = ["tasks.mjs", "throws.mjs", "exits.mjs"];
    const { worker, add, final, lines } = await bench({ processes: 2, tasks: { patterns, cwd: fixtures } });
    const ids = [await add("add", { a: 1, b: 1 }), await add("throws#x"), await add("exits#x")] as const;
    await worker.start();
    expect(await final(ids[0])).toMatchObject({ status: "success" });
    expect(await final(ids[1])).toMatchObject({ status: "failed", error: { code: "TASK_LOAD" } });
    expect((await final(ids[2])).error?.message).toMatch(
      /exits\.mjs could not be imported: the process exited with code 9/,
    );
    for (const file of ["throws.mjs", "exits.mjs"]) {
      expect(lines.filter(({ msg }) => msg.startsWith("TaskLoadError") && msg.includes(file))).toHaveLength(1);
    }
  });

  test.each([0, 2])("with %i processes fails when two tasks have one path, naming both files", async (processes) => {
    const { worker } = await bench({ processes, tasks: { patterns: ["twin-*.mjs"], cwd: fixtures } });
    await expect(worker.start()).rejects.toThrow(/twin-a\.mjs.*twin-b\.mjs/);
    expect(await worker.stopped).toMatchObject({ code: 1, error: { code: "TASK_LOAD" } });
  });

  test("fails with the store's own error, and leaves no child", async () => {
    const deployment = createMemoryDeployment();
    deployment.start = () => Promise.reject(new Error("no store at this address"));
    const { worker } = await bench({ processes: 1, deployment });
    await expect(worker.start()).rejects.toThrow("no store at this address");
    expect(await worker.stopped).toMatchObject({ code: 1 });
  });

  test("can be given up while it goes on", async () => {
    const deployment = createMemoryDeployment();
    deployment.start = () => new Promise(() => {});
    const { worker } = await bench({ processes: 1, deployment });
    const start_ = worker.start();
    expect(await worker.stop()).toEqual({ code: 0, givenBack: 0 });
    await expect(start_).rejects.toMatchObject({ code: "CLOSED" });
  });

  test("warns when there is no task at all", async () => {
    const { worker, lines } = await bench({ processes: 0, tasks: { patterns: ["none/*.mjs"], cwd: fixtures } });
    await worker.start();
    expect(lines.some(({ msg }) => msg.startsWith("no tasks were found"))).toBe(true);
  });
});

test("listeners that throw harm nobody", async () => {
  const { worker, add, final, lines } = await bench({ processes: 0 });
  worker.on("settle", () => {
    throw new Error("a listener's own");
  });
  await worker.start();
  expect((await final(await add("noop"))).status).toBe("success");
  expect(lines.some(({ msg }) => msg === "an event listener threw")).toBe(true);
});

test("a worker is disposed of at the end of its block", async () => {
  const { worker } = await bench({ processes: 1 });
  {
    await using disposable = worker;
    await disposable.start();
  }
  expect(await worker.stopped).toEqual({ code: 0, givenBack: 0 });
});
