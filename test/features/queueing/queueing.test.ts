import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import type { EnqueueOptions } from "@tandemq/core";
import { unique } from "../../support/unique.js";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup } from "../support/feature.js";

/** One test's queue, and the file into which its jobs write. */
class Notes {
  readonly queue: string;
  readonly #cell: Cell;
  readonly #file = join(tmpdir(), unique("notes"));

  constructor(cell: Cell) {
    this.#cell = cell;
    this.queue = cell.queue();
  }

  add(text: string, options: EnqueueOptions = {}) {
    return this.#cell.client.enqueue("queueing.note", { file: this.#file, text }, { queue: this.queue, ...options });
  }

  get lines(): string[] {
    try {
      return readFileSync(this.#file, "utf8").trim().split("\n");
    } catch {
      return [];
    }
  }

  /** Adds while nothing is claimed, so that all jobs wait together. */
  async whilePaused(add: () => Promise<unknown>): Promise<void> {
    const queue = this.#cell.client.queue(this.queue);
    await queue.pause();
    await add();
    await queue.resume();
  }

  wait(count: number): Promise<string[]> {
    return waitFor(`${count} lines`, async () => this.lines.length >= count && this.lines);
  }
}

featureGroup("Queueing", import.meta.url, (feature) => {
  feature("startBy: a job that was not started in time expires", async (cell) => {
    const notes = new Notes(cell);
    await notes.whilePaused(async () => {
      await notes.add("late", { startBy: new Date(1000) });
      await notes.add("in time", { startBy: "1h" });
    });
    expect(await notes.wait(1)).toEqual(["in time"]);
    const filter = { queue: notes.queue, status: ["expired" as const] };
    const [job] = await waitFor("it expired", async () => (await cell.client.jobs(filter)).slice(0, 1));
    expect(job?.error).toMatchObject({ code: "EXPIRED" });
    expect((await cell.client.queue(notes.queue).counts()).expired).toBe(1);
  });

  feature("onDuplicate: replace and extend", async (cell) => {
    const notes = new Notes(cell);
    const first = await notes.add("a", { key: "k", delay: "1h" });
    const again = await notes.add("b", { key: "k", delay: "1h", onDuplicate: "extend" });
    expect(again).toMatchObject({ id: first.id, created: false, outcome: "extended" });
    const last = await notes.add("c", { key: "k", onDuplicate: "replace" });
    expect(last).toMatchObject({ id: first.id, created: false, outcome: "replaced" });
    expect(await notes.wait(1)).toEqual(["c"]);
  });
});
