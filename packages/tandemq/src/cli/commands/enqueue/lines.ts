import { createInterface } from "node:readline";
import { type Client, type EnqueueOptions, TandemQError, countOf } from "@tandemq/core";
import type { Arguments } from "../../open-client.js";
import { Progress } from "../../output/progress.js";
import { parseParams } from "../../parse-params.js";
import { printJson } from "../../print.js";
import { exitCodes } from "../../report-error.js";

const batchSize = 1000;

interface Line {
  readonly number: number;
  readonly params: object;
}

/**
 * Adds a job for each line of standard input, in calls of 1,000. A line that is wrong ends the command, with the number
 * of the line and of the jobs added before it; with `--keep-going` it is told and left out.
 */
export async function enqueueLines(client: Client, argv: Arguments, options: EnqueueOptions): Promise<void> {
  const adding = new LineAdder(client, argv, options);
  const progress = new Progress("lines");
  let number = 0;
  try {
    for await (const line of createInterface({ input: process.stdin })) {
      await adding.add(line, ++number);
      progress.at(number);
    }
    await adding.flush();
  } finally {
    progress.end();
  }
  const { created, wrong } = adding;
  if (argv["json"]) printJson({ lines: number, created, wrong });
  else
    console.log(
      `${countOf(created, "job")} added${wrong > 0 ? `, ${countOf(wrong, "line was", "lines were")} wrong` : ""}`,
    );
  if (wrong > 0) process.exitCode = exitCodes.failed;
}

class LineAdder {
  readonly #client: Client;
  readonly #path: string;
  readonly #keepGoing: boolean;
  readonly #options: EnqueueOptions;
  #batch: Line[] = [];
  created = 0;
  wrong = 0;

  constructor(client: Client, argv: Arguments, options: EnqueueOptions) {
    this.#client = client;
    this.#path = String(argv["path"]);
    this.#keepGoing = argv["keep-going"] === true;
    this.#options = options;
  }

  async add(line: string, number: number): Promise<void> {
    if (line.trim() === "") return;
    try {
      this.#batch.push({ number, params: parseParams(line, `line ${number}`) });
    } catch (error) {
      await this.#refuse(error);
    }
    if (this.#batch.length >= batchSize) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    const handles = await this.#client
      .enqueueMany(
        this.#path,
        batch.map(({ params }) => params),
        this.#options,
      )
      .catch((error: unknown) => this.#withoutWrong(batch, error));
    this.created += handles.filter((handle) => handle.created).length;
  }

  /** All params are checked before the first job is added: what is refused names the one that is wrong. */
  async #withoutWrong(batch: readonly Line[], error: unknown): Promise<{ created: boolean }[]> {
    const place = error instanceof TandemQError ? /^job (\d+): (.*)$/s.exec(error.message) : null;
    const line = place ? batch[Number(place[1])] : undefined;
    if (!line || !(error instanceof TandemQError)) throw error;
    error.message = `line ${line.number}: ${place?.[2]}`;
    this.#batch = batch.filter((one) => (this.#keepGoing ? one !== line : one.number < line.number));
    await this.#refuse(error);
    await this.flush();
    return [];
  }

  async #refuse(error: unknown): Promise<void> {
    if (!(error instanceof TandemQError)) throw error;
    if (!this.#keepGoing) {
      await this.flush();
      error.message += `; ${countOf(this.created, "job was", "jobs were")} added before it`;
      throw error;
    }
    this.wrong++;
    console.error(`tandemq: ${error.message}`);
  }
}
