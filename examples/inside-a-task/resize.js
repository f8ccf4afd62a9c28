import { setTimeout as pause } from "node:timers/promises";
import { currentJob } from "tandemq";

/** Stands for something that takes time. It finds the job it works for without being told. */
export async function resize(file, signal) {
  currentJob()?.log.debug(`resizing ${file}`);
  await pause(5, undefined, { signal });
  return file.length * 1000;
}
