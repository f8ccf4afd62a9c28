import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, test } from "@jest/globals";
import type { Client, QueueMode } from "@tandemq/core";
import { createClient } from "tandemq";
import type { Command } from "../../e2e/support/command.js";
import { modes, Site } from "../../e2e/support/site.js";
import { unique } from "../../support/unique.js";

/** Numbers of child processes for which every feature is shown; 0 runs tasks in the worker's own process. */
const layouts = [0, 1, 4] as const;

/** One cell of the matrix: a mode, a layout, and an installation whose worker runs. */
export interface Cell {
  readonly mode: QueueMode;
  readonly processes: number;
  readonly site: Site;
  /** With the configuration file of the group's folder. */
  readonly client: Client;
  /** Serves every queue of the group. */
  readonly worker: Command;
  /** A queue of this mode that no other test uses: `mode/…`. */
  readonly queue: () => string;
}

export interface Refusal {
  readonly mode?: QueueMode;
  readonly processes?: number;
  /** Why there is nothing to do here: stands in the matrix. */
  readonly reason: string;
  /** Shows that the API refuses it, and with this reason. */
  readonly shown: (cell: Cell) => Promise<void>;
}

/** Declares a row of the matrix: the test that shows the feature in each cell, or that it is refused there. */
export type Feature = (name: string, works: (cell: Cell) => Promise<void>, refused?: readonly Refusal[]) => void;

/**
 * A group of features, shown in every mode and layout by one worker per cell. `npm run matrix` writes docs/matrix.md
 * from the names of these tests.
 *
 * @param url the test file's own: its folder is the project, with tandemq.config.mjs and tasks
 * @param flags further flags of the worker
 */
export function featureGroup(
  name: string,
  url: string,
  declare: (feature: Feature) => void,
  flags: string[] = [],
): void {
  const folder = dirname(fileURLToPath(url));
  describe(name, () => {
    for (const mode of modes)
      for (const processes of layouts) describeCell(folder, { mode, processes }, declare, flags);
  });
}

function describeCell(
  folder: string,
  { mode, processes }: Pick<Cell, "mode" | "processes">,
  declare: (feature: Feature) => void,
  flags: readonly string[],
): void {
  describe(`${mode}, --processes ${processes}`, () => {
    let cell: Cell;
    beforeAll(async () => {
      cell = await openCell(folder, mode, processes, flags);
    });
    afterAll(async () => {
      await cell?.client.close();
      await cell?.site[Symbol.asyncDispose]();
    });
    declare((name, works, refused = []) => {
      const refusal = refused.find((one) => (one.mode ?? mode) === mode && (one.processes ?? processes) === processes);
      if (refusal) test(`refuses ${name}: ${refusal.reason}`, () => refusal.shown(cell));
      else test(name, () => works(cell));
    });
  });
}

async function openCell(folder: string, mode: QueueMode, processes: number, flags: readonly string[]): Promise<Cell> {
  const site = new Site(folder);
  try {
    const client = await createClient(undefined, { cwd: folder, env: site.env });
    const worker = await site.worker("--concurrency", "10", "--processes", String(processes), ...flags);
    return { mode, processes, site, client, worker, queue: () => `${mode}/${unique("q")}` };
  } catch (error) {
    await site[Symbol.asyncDispose]();
    throw error;
  }
}
