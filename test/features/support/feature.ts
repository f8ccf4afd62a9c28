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

/** An installation whose worker has so many processes. The modes share it, as they would in earnest. */
interface Stage {
  readonly processes: number;
  readonly site: Site;
  /** With the configuration file of the group's folder. */
  readonly client: Client;
  /** Serves every queue of the group. */
  readonly worker: Command;
}

/** One cell of the matrix: a mode on a stage. */
export interface Cell extends Stage {
  readonly mode: QueueMode;
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
 * A group of features, shown in every mode and layout by one worker per layout. `npm run matrix` writes docs/matrix.md
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
    const stages = new Map<number, Promise<Stage>>();
    beforeAll(async () => {
      for (const processes of layouts) stages.set(processes, openStage(folder, processes, flags));
      await Promise.all(stages.values());
    });
    afterAll(() => allDone([...stages.values()].map(closeStage)));
    for (const mode of modes)
      for (const processes of layouts) describeCell(mode, processes, () => stages.get(processes)!, declare);
  });
}

function describeCell(
  mode: QueueMode,
  processes: number,
  stage: () => Promise<Stage>,
  declare: (feature: Feature) => void,
): void {
  describe(`${mode}, --processes ${processes}`, () => {
    const cell = async (): Promise<Cell> => ({ ...(await stage()), mode, queue: () => `${mode}/${unique("q")}` });
    declare((name, works, refused = []) => {
      const refusal = refused.find((one) => (one.mode ?? mode) === mode && (one.processes ?? processes) === processes);
      if (refusal) test(`refuses ${name}, because ${refusal.reason}`, async () => refusal.shown(await cell()));
      else test(name, async () => works(await cell()));
    });
  });
}

async function openStage(folder: string, processes: number, flags: readonly string[]): Promise<Stage> {
  const site = new Site(folder);
  try {
    const client = await createClient(undefined, { cwd: folder, env: site.env });
    const worker = await site.worker("--concurrency", "10", "--processes", String(processes), ...flags);
    return { processes, site, client, worker };
  } catch (error) {
    await site[Symbol.asyncDispose]();
    throw error;
  }
}

/** Ends when all have ended, also when one fails: the run may be over with the first error. */
async function allDone(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

async function closeStage(opening: Promise<Stage>): Promise<void> {
  const stage = await opening.catch(() => undefined);
  try {
    await stage?.client.close();
  } finally {
    await stage?.site[Symbol.asyncDispose]();
  }
}
