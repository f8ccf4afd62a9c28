import type { CommandModule } from "yargs";

/** A command as it is listed; its module is loaded only when the command line names it. */
export interface Command {
  readonly name: string;
  readonly describe: string;
  /** The words that may follow, where it has actions: only for "did you mean". */
  readonly actions?: readonly string[];
  readonly load: () => Promise<CommandModule>;
}

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  {
    name: "init",
    describe: "Make a project: configuration, one task, a program that enqueues it",
    load: async () => (await import("./init.js")).initCommand,
  },
  {
    name: "worker",
    describe: "Run jobs of these queues, or of all",
    load: async () => (await import("./worker.js")).workerCommand,
  },
  {
    name: "enqueue",
    describe: "Add a job, or one for each line of JSON on standard input",
    load: async () => (await import("./enqueue.js")).enqueueCommand,
  },
  {
    name: "run",
    describe: "Run a task here and now, without a store, and print its result as JSON",
    load: async () => (await import("./run.js")).runCommand,
  },
  {
    name: "jobs",
    describe: "List, show, retry, cancel, edit, move or remove jobs",
    actions: ["list", "show", "why", "logs", "retry", "cancel", "edit", "remove", "move"],
    load: async () => (await import("./jobs.js")).jobsCommand,
  },
  {
    name: "queues",
    describe: "List queues; pause, resume, purge, migrate or forget one",
    actions: ["list", "pause", "resume", "purge", "migrate", "forget"],
    load: async () => (await import("./queues.js")).queuesCommand,
  },
  {
    name: "workers",
    describe: "List workers and what each of their processes runs now",
    load: async () => (await import("./workers.js")).workersCommand,
  },
  {
    name: "doctor",
    describe: "Look for what is wrong with stores, queues and jobs, and say what to do",
    load: async () => (await import("./doctor.js")).doctorCommand,
  },
  {
    name: "check-config",
    describe: "Check the configuration and show where each value comes from",
    load: async () => (await import("./check-config.js")).checkConfigCommand,
  },
  {
    name: "services",
    describe: "Start, stop or show a private MongoDB and Redis on this machine",
    actions: ["start", "stop", "status"],
    load: async () => (await import("./services.js")).servicesCommand,
  },
  {
    name: "completion",
    describe: "Print the completion script for bash or zsh",
    load: async () => (await import("./completion.js")).completionCommand,
  },
];
