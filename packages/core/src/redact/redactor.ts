import type { Job } from "../model/job.js";
import type { JobError } from "../model/job-error.js";
import type { Json, JsonObject } from "../model/json.js";
import { mask, masked } from "./mask.js";

/** The parts of a job in which something can be left out. */
export const redactParts = ["params", "result", "progress", "log", "error"] as const;
export type RedactPart = (typeof redactParts)[number];

/** What a function that redacts is asked about. */
export interface RedactPlace {
  readonly part: RedactPart;
  /** The task's path. */
  readonly path: string;
  readonly queue: string;
}

/** Gives what may be shown of a part of a job. One that throws shows nothing of it. */
export type RedactFunction = (value: unknown, place: RedactPlace) => unknown;

/** A path such as `params.card.number` or `*.**.password`, or a function. */
export type RedactRule = string | RedactFunction;

type Owner = Pick<RedactPlace, "path" | "queue">;

/** Shortest text that is looked for in messages: a shorter one would be found everywhere. */
const shortest = 4;

/** Leaves out of logs, errors and whatever is shown what the rules name. */
export class Redactor {
  readonly #paths: readonly (readonly string[])[];
  readonly #functions: readonly RedactFunction[];

  constructor(rules: readonly RedactRule[]) {
    this.#paths = rules.filter((rule) => typeof rule === "string").map((rule) => rule.split("."));
    this.#functions = rules.filter((rule) => typeof rule === "function");
  }

  /** The job as it may be shown. */
  job(job: Job): Job {
    const { params, result, progress, error } = job;
    const secrets = this.#secrets(params);
    return {
      ...job,
      params: this.#part("params", params, job) as JsonObject,
      ...(result === undefined ? {} : { result: this.#part("result", coverAll(result, secrets), job) as Json }),
      ...(progress === undefined ? {} : { progress: this.#part("progress", coverAll(progress, secrets), job) as Json }),
      ...(error === undefined ? {} : { error: this.#error(error, job, secrets) }),
      history: job.history.map((run) => (run.error ? { ...run, error: this.#error(run.error, job, secrets) } : run)),
    };
  }

  /** The error without what the rules leave out of its job's params, wherever its texts repeat it. */
  error(error: JobError, owner: Owner, params: string): JobError {
    return this.#error(error, owner, this.#secrets(parse(params)));
  }

  progress(value: Json, owner: Owner, params: string): Json {
    return this.#part("progress", coverAll(value, this.#secrets(parse(params))), owner) as Json;
  }

  /** A line of a job's log. */
  line<L extends { readonly message: string; readonly data?: Json }>(line: L, owner: Owner, params: string): L {
    const secrets = this.#secrets(parse(params));
    const data =
      line.data === undefined ? {} : { data: this.#part("log", coverAll(line.data, secrets), owner) as Json };
    return { ...line, message: cover(line.message, secrets), ...data };
  }

  #part(part: RedactPart, value: unknown, owner: Owner): unknown {
    let shown = value;
    for (const path of this.#of(part)) shown = mask(shown, path, () => undefined);
    for (const redact of this.#functions) shown = ask(redact, shown, { part, path: owner.path, queue: owner.queue });
    return shown;
  }

  #error(error: JobError, owner: Owner, secrets: readonly string[]): JobError {
    const shown = this.#part("error", covered(error, secrets), owner);
    return isError(shown) ? shown : { name: error.name, message: masked };
  }

  #secrets(params: unknown): string[] {
    const found = new Set<string>();
    const note = (secret: unknown) => {
      for (const text of leaves(secret)) if (text.length >= shortest) found.add(text);
    };
    for (const path of this.#of("params")) mask(params, path, note);
    return [...found].sort((a, b) => b.length - a.length);
  }

  /** The paths into a part, without its name. */
  #of(part: RedactPart): (readonly string[])[] {
    return this.#paths.filter(([first]) => first === part || first === "*").map(([, ...rest]) => rest);
  }
}

function ask(redact: RedactFunction, value: unknown, place: RedactPlace): unknown {
  try {
    return redact(value, place);
  } catch {
    return masked;
  }
}

function covered({ message, stack, cause, ...error }: JobError, secrets: readonly string[]): JobError {
  return {
    ...error,
    message: cover(message, secrets),
    ...(stack === undefined ? {} : { stack: cover(stack, secrets) }),
    ...(cause === undefined ? {} : { cause: covered(cause, secrets) }),
  };
}

function cover(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, masked), text);
}

/** The value without the secrets, whole or as part of a text, at whatever depth. */
function coverAll(value: Json, secrets: readonly string[]): Json {
  if (secrets.length === 0) return value;
  if (typeof value === "string") return cover(value, secrets);
  if (typeof value === "number") return secrets.includes(String(value)) ? masked : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => coverAll(one, secrets));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, coverAll(one as Json, secrets)]));
}

function leaves(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leaves);
  return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
}

function isError(value: unknown): value is JobError {
  return typeof value === "object" && value !== null && "name" in value && "message" in value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
