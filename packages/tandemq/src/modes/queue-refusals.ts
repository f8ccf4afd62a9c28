import { QueueMismatchError, type QueueRecord, QueueUnknownError } from "@tandemq/core";

/** The error for a queue that no rule of the configuration covers. */
export function unknownQueue(queue: string, configured: readonly string[]): QueueUnknownError {
  const known = configured.length > 0 ? `configured are ${configured.join(", ")}` : "no queue is configured";
  return new QueueUnknownError(
    `no mode is configured for queue "${queue}" (${known}): add it to queues, for instance { "${queue}": "regular" }`,
  );
}

/** The error for a queue that was used before with another mode or kind. */
export function mismatchedQueue(recorded: QueueRecord, configured: QueueRecord): QueueMismatchError {
  const { name } = configured;
  return new QueueMismatchError(
    `queue "${name}" is ${describe(recorded)} by the record in its store, but configured as ${describe(configured)}: ` +
      `configure it as it is recorded, move its jobs with \`tandemq queues migrate ${name}\`, ` +
      `or, if it is empty, drop the record with \`tandemq queues forget ${name}\``,
  );
}

function describe({ mode, kind }: QueueRecord): string {
  return kind === "fifo" ? `"${mode}"` : `"${mode}" of kind "${kind}"`;
}
