import { checkFilter } from "../actions/check-filter.js";
import { JobNotFoundError, NotSupportedError } from "../errors/errors.js";
import type { Job, JobId } from "../model/job.js";
import type { JobFilter } from "../ports/broker.js";
import type { Deployment } from "../ports/deployment.js";
import type { JobLogLine, JobLogs } from "../ports/job-logs.js";
import { Redactor, type RedactRule } from "../redact/redactor.js";
import type { Why } from "../why/reasons.js";
import { findJobs } from "./find-jobs.js";
import { type LogFilter, readLog, type TailOptions, tailLog } from "./job-logs.js";
import type { Routes } from "./routes.js";
import { why } from "./why.js";

/** A job as this client may show it. */
export type Show = (job: Job) => Job;

/** Shows jobs to whoever asks, without what rules redact. Whatever a client hands out of a job passes through `show`. */
export class JobLooker {
  readonly #routes: Routes;
  readonly #deployment: Pick<Deployment, "registry" | "logs">;
  readonly show: Show;

  constructor(
    routes: Routes,
    deployment: Pick<Deployment, "registry" | "logs">,
    redact: readonly RedactRule[] | undefined,
  ) {
    this.#routes = routes;
    this.#deployment = deployment;
    const redactor = redact?.length ? new Redactor(redact) : undefined;
    this.show = (job) => redactor?.job(job) ?? job;
  }

  async jobs(filter: JobFilter): Promise<Job[]> {
    checkFilter(filter, "jobs");
    return (await findJobs(this.#routes, filter)).map(this.show);
  }

  async job(id: JobId, queue?: string): Promise<Job | undefined> {
    const [job] = queue === undefined ? [await this.#routes.find(id)] : await this.#routes.get([{ id, queue }]);
    return job && this.show(job);
  }

  async why(id: JobId, queue?: string): Promise<Why> {
    const job = await this.job(id, queue);
    if (!job) throw new JobNotFoundError(id);
    return why(job, await this.#routes.look(job.queue), this.#deployment.registry);
  }

  async logs(id: JobId, filter: LogFilter): Promise<JobLogLine[]> {
    return readLog(this.#logs(), id, filter);
  }

  tail(id: JobId, options: TailOptions): AsyncIterable<JobLogLine> {
    return tailLog(this.#logs(), id, () => this.job(id, options.queue), options);
  }

  #logs(): JobLogs {
    const { logs } = this.#deployment;
    if (logs) return logs;
    throw new NotSupportedError(
      "log lines of jobs are kept in MongoDB, and none is configured (mongo, TANDEMQ_MONGO): they are in the worker's log stream alone",
    );
  }
}
