import { parseArgs } from "node:util";
import { experiments } from "./experiments/index.mjs";

export const modes = ["regular", "raw", "no-storage"];

const usage = `npm run prove:faults -- [--mode MODE] [--experiment NAME] [--quick] [--json FILE] [--seed N]

  --mode MODE        ${modes.join(", ")}; may be given several times (default: all)
  --experiment NAME  ${experiments("full")
    .map(({ name }) => name)
    .join(", ")}; may be given several times (default: all)
  --quick            a first look instead of the proof
  --json FILE        writes the figures to a file as well
  --seed N           repeats a run's random choices`;

/** @throws Error with the usage when an argument is unknown or wrong */
export function readOptions(args) {
  const { values } = parse(args);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed: expected a whole number\n\n${usage}`);
  const names = experiments("full").map(({ name }) => name);
  return {
    help: values.help ? usage : undefined,
    modes: known("--mode", values.mode, modes),
    names: known("--experiment", values.experiment, names),
    quick: values.quick ?? false,
    json: values.json,
    seed,
  };
}

function parse(args) {
  const many = { type: "string", multiple: true };
  const flags = {
    quick: { type: "boolean" },
    json: { type: "string" },
    seed: { type: "string" },
    help: { type: "boolean" },
  };
  try {
    return parseArgs({ args, options: { mode: many, experiment: many, ...flags } });
  } catch (error) {
    throw new Error(`${error.message}\n\n${usage}`);
  }
}

function known(flag, given, all) {
  const wrong = given?.find((value) => !all.includes(value));
  if (wrong !== undefined) throw new Error(`${flag}: "${wrong}" is none of ${all.join(", ")}\n\n${usage}`);
  return given ?? all;
}
