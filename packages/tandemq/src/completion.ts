/** Loaded where tasks run, by the first `job.complete`: nothing else there needs the driver. */
export { complete } from "@tandemq/mongo";
