import { describe, expect, test } from "@jest/globals";
import type { Chore } from "@tandemq/core";
import { pino } from "pino";
import { waitFor } from "../../../../test/support/wait-for.js";
import { Housekeeper, type HousekeeperOptions } from "../../src/supervisor/housekeeper.js";

interface Counted extends Chore {
  runs: number;
}

function chore(name: string, run: () => Promise<number> = async () => 0): Counted {
  const made = {
    name,
    runs: 0,
    run: () => {
      made.runs++;
      return run();
    },
  };
  return made;
}

function housekeeper(chores: readonly Chore[], over: Partial<HousekeeperOptions> = {}): Housekeeper {
  const logger = pino({ level: "silent" });
  return new Housekeeper({ chores, every: 5, isBusy: () => false, logger, onError: () => {}, ...over });
}

describe("the housekeeper", () => {
  test("does every chore again and again, and none once it has stopped", async () => {
    const chores = [chore("a"), chore("b")];
    const keeper = housekeeper(chores);
    keeper.start();
    await waitFor("each was done three times", async () => chores.every(({ runs }) => runs >= 3));
    await keeper.stop();
    const before = chores.map(({ runs }) => runs);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(chores.map(({ runs }) => runs)).toEqual(before);
  });

  test("a chore that fails is told once and keeps none of the others from being done", async () => {
    const errors: unknown[] = [];
    const [bad, good] = [chore("bad", () => Promise.reject(new Error("away"))), chore("good")];
    const keeper = housekeeper([bad, good], { onError: (error) => errors.push(error) });
    keeper.start();
    await waitFor("the good one went on", async () => good.runs >= 3);
    await keeper.stop();
    expect(errors).toHaveLength(1);
  });

  test("gives way to jobs, but not for ever", async () => {
    let asked = 0;
    const busy = () => ++asked > 0;
    const one = chore("a");
    const keeper = housekeeper([one], { isBusy: busy });
    keeper.start();
    await waitFor("it was done all the same", async () => one.runs > 0);
    await keeper.stop();
    expect(asked).toBeGreaterThanOrEqual(5);
  });

  test("a time of 0 means never", async () => {
    const one = chore("a");
    const keeper = housekeeper([one], { every: 0 });
    keeper.start();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await keeper.stop();
    expect(one.runs).toBe(0);
  });
});
