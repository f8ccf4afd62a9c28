import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@tandemq/core";
import { MongoClient } from "mongodb";
import { createClient } from "tandemq";
import { marker, pidsOfRun, send } from "../../../scripts/faults/processes.mjs";
import { mongoUrl, redisUrl } from "../../support/stores.js";
import { unique } from "../../support/unique.js";
import { waitFor } from "../../support/wait-for.js";
import { type Answer, Command } from "./command.js";

export const modes = ["regular", "raw", "no-storage"] as const;

/**
 * One test's own installation: database, key prefix, a folder for what tasks tell, and every command it starts. Closing
 * it ends what still runs; a process that does not stop when it is asked to is killed, and the closing fails.
 */
export class Site implements AsyncDisposable {
  readonly name: string = unique("e2e");
  readonly mongo: string = mongoUrl(this.name);
  readonly redis: string = redisUrl();
  /** Where the jobs are in MongoDB. */
  readonly collection: string = `${this.name}_jobs`;
  readonly folder: string = mkdtempSync(join(tmpdir(), "tandemq-e2e-"));
  readonly #commands: Command[] = [];
  readonly #project: string | undefined;

  readonly env: Readonly<Record<string, string>> = {
    TANDEMQ_MONGO: this.mongo,
    TANDEMQ_REDIS: this.redis,
    TANDEMQ_PREFIX: this.name,
    E2E_STORY: join(this.folder, "story"),
    NODE_OPTIONS: "",
    [marker]: this.name,
  };

  /** @param project the folder in which its commands are started; left out, the end-to-end tests' own */
  constructor(project?: string) {
    this.#project = project;
  }

  /** A client with the configuration of the project, as a service in its folder would have. */
  client(): Promise<Client> {
    const queues = Object.fromEntries(modes.flatMap((mode) => [[mode, mode] as const, [`${mode}/*`, mode] as const]));
    return createClient({ mongo: this.mongo, redis: this.redis, prefix: this.name, queues });
  }

  /** Starts `tandemq` with these arguments, in the project's folder. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
    const command = new Command(args, { ...this.env, ...env }, this.#project);
    this.#commands.push(command);
    return command;
  }

  /** Runs `tandemq` to its end. */
  run(args: readonly string[], input?: string): Promise<Answer> {
    const command = this.start(args);
    command.write(input);
    return command.ended;
  }

  /** Starts a worker and waits until it says that it is ready. */
  async worker(...args: string[]): Promise<Command> {
    const worker = this.start(["worker", ...args]);
    await waitFor("the worker is ready", async () => worker.says("the worker is ready"));
    return worker;
  }

  /** Pids of all living processes that were started here, directly or not. */
  processes(): number[] {
    return pidsOfRun(this.name);
  }

  /** What tasks told, in order. */
  story(): string[] {
    const file = join(this.folder, "story");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  }

  /** A file that tasks can wait for, and the call that makes it. */
  gate(): { path: string; open: () => void } {
    const path = join(this.folder, unique("gate"));
    return { path, open: () => writeFileSync(path, "") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#stop();
      await using mongo = new MongoClient(this.mongo);
      await mongo.db().dropDatabase();
    } finally {
      for (const pid of this.processes()) send(pid, "SIGKILL");
      rmSync(this.folder, { recursive: true });
    }
  }

  async #stop(): Promise<void> {
    for (const command of this.#commands) command.signal("SIGTERM");
    await waitFor("all processes are gone", async () => this.processes().length === 0);
    await Promise.all(this.#commands.map((command) => command.ended));
  }
}
