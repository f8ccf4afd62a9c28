import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** All records of all processes in the order of their time. Times are milliseconds of the monotonic clock. */
export function readLedger(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ledger"));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
  return lines
    .filter(Boolean)
    .map(parse)
    .sort((a, b) => a.at - b.at);
}

function parse(line) {
  const [verb, number, at, pid, ...rest] = line.split(" ");
  return {
    verb,
    number: Number(number),
    at: Number(BigInt(at) / 1000n) / 1000,
    pid: Number(pid),
    ...details(verb, rest),
  };
}

function details(verb, rest) {
  if (verb === "OK") return { id: rest[0] };
  if (verb !== "START") return {};
  return { id: rest[0], attempt: Number(rest[1]), deliveries: Number(rest[2]) };
}
