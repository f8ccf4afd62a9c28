import { parseArgs } from "node:util";

const usage = `npm run prove:lives -- [--seed N] [--lives N] [--seconds N] [--quick] [--faults KIND]

  --seed N       the first life; each life follows from its seed (default: another one each time)
  --lives N      how many lives, with the seeds that follow (default: 20)
  --seconds N    how long programs act in each life (default: 6)
  --quick        three lives of 3 seconds
  --faults KIND  none, workers or stores (default: by the seed)`;

const kinds = ["none", "workers", "stores"];

/** @throws Error with the usage when an argument is unknown or wrong */
export function readOptions(args) {
  const { values } = parse(args);
  if (values.help) return { help: usage };
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : numberOf("--seed", values.seed);
  const [lives, seconds] = values.quick ? [3, 3] : [20, 6];
  if (values.faults !== undefined && !kinds.includes(values.faults)) {
    throw new Error(`--faults: "${values.faults}" is none of ${kinds.join(", ")}\n\n${usage}`);
  }
  return {
    seed,
    lives: numberOf("--lives", values.lives ?? lives),
    seconds: numberOf("--seconds", values.seconds ?? seconds),
    faults: values.faults,
  };
}

function numberOf(name, text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`${name}: expected a whole number, got "${text}"\n\n${usage}`);
}

function parse(args) {
  const [text, flag] = [{ type: "string" }, { type: "boolean" }];
  const options = { seed: text, lives: text, seconds: text, quick: flag, faults: text, help: flag };
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw new Error(`${error.message}\n\n${usage}`, { cause: error });
  }
}
