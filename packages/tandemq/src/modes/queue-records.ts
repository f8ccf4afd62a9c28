import { BrokerUnavailableError, QueueMismatchError, type QueueRecord, type Registry } from "@tandemq/core";

/**
 * Settles mode and kind of a queue at its first use, in every store: two programs that disagree are told so even when
 * they share only one of the stores.
 *
 * @throws QueueMismatchError with both values
 */
export async function recordQueue(registries: readonly Registry[], wanted: QueueRecord): Promise<void> {
  const answers = await Promise.allSettled(registries.map((registry) => registry.recordQueue(wanted)));
  const held = answers.filter((answer) => answer.status === "fulfilled").map(({ value }) => value);
  const failed = answers.find((answer) => answer.status === "rejected");
  for (const record of held) compare(record, wanted);
  // A store that is away is asked again at the next start; one of them has to hold the record.
  if (failed && (held.length === 0 || !(failed.reason instanceof BrokerUnavailableError))) throw failed.reason;
}

function compare(record: QueueRecord, wanted: QueueRecord): void {
  if (record.mode === wanted.mode && record.kind === wanted.kind) return;
  throw new QueueMismatchError(
    `queue "${wanted.name}" is recorded as ${describe(record)} in the store, but configured as ${describe(wanted)}: ` +
      `configure it as recorded, or empty it and forget its record`,
  );
}

function describe({ mode, kind }: QueueRecord): string {
  return kind === "fifo" ? `"${mode}"` : `"${mode}" of kind "${kind}"`;
}

/** Every queue that some store has a record of; a store that is away is left out as long as another answers. */
export async function recordedQueues(registries: readonly Registry[]): Promise<QueueRecord[]> {
  const answers = await Promise.allSettled(registries.map((registry) => registry.queues()));
  const lists = answers.filter((answer) => answer.status === "fulfilled").map(({ value }) => value);
  const failed = answers.find((answer) => answer.status === "rejected");
  if (failed && lists.length === 0) throw failed.reason;
  return [...new Map(lists.flat().map((record) => [record.name, record])).values()];
}
