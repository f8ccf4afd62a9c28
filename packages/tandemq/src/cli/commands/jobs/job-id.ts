import { didYouMean, InvalidOptionError } from "@tandemq/core";
import { commands } from "../index.js";

/** @throws InvalidOptionError when it cannot be a job's id: perhaps an action was meant */
export function assertJobId(given: unknown): asserts given is string {
  if (typeof given === "string" && /^[0-9a-f]{24}$/.test(given)) return;
  const actions = commands.find(({ name }) => name === "jobs")?.actions ?? [];
  const near = didYouMean(String(given), actions);
  throw new InvalidOptionError(
    `${JSON.stringify(given)} is not a job id (24 hexadecimal digits)${near === undefined ? "" : `; did you mean \`tandemq jobs ${near}\`?`}`,
  );
}
