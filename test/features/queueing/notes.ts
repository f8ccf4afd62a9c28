import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnqueueOptions } from "@tandemq/core";
import { unique } from "../../support/unique.js";
import { waitFor } from "../../support/wait-for.js";
import type { Cell } from "../support/feature.js";

/** One test's queue, and the file into which its jobs write. */
export class Notes {
  readonly queue: string;
  readonly file: string = join(tmpdir(), unique("notes"));
  readonly #cell: Cell;

  /** @param shape begins the queue's name below its mode: see the configuration */
  constructor(cell: Cell, shape: string = "") {
    this.#cell = cell;
    this.queue = cell.queue().replace("/", `/${shape}`);
  }

  add(text: string, options: EnqueueOptions = {}) {
    return this.#cell.client.enqueue("queueing.note", { file: this.file, text }, { queue: this.queue, ...options });
  }

  get lines(): string[] {
    try {
      return readFileSync(this.file, "utf8").split("\n").slice(0, -1);
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
