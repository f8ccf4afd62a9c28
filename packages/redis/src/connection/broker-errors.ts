import { BrokerUnavailableError, localAdvice, redactText, StoreRefusedError, TandemQError } from "@tandemq/core";

const refusals: readonly { readonly starts: string; readonly advice: string }[] = [
  {
    starts: "WRONGTYPE",
    advice: "a key with TandemQ's prefix holds something else; use another prefix or delete the key",
  },
  { starts: "OOM", advice: "its memory is full; raise maxmemory or let workers empty the queues" },
  { starts: "NOAUTH", advice: "it asks for a password; put it into the URL" },
  { starts: "WRONGPASS", advice: "it refuses the user name or password of the URL" },
  { starts: "NOPERM", advice: "the user of the URL may not run a command that TandemQ needs" },
  {
    starts: "CROSSSLOT",
    advice: "keys of one queue stand in several slots of the cluster; this is a fault of TandemQ",
  },
];

/** What a failed command means to the caller: the server refuses it, or its answer is unknown. */
export function toBrokerError(error: unknown, where: string, deadline: number, last?: Error): Error {
  if (error instanceof TandemQError) return error;
  const message = redactText([error, last].flatMap(messageOf).join(": "));
  const refusal = refusals.find(({ starts }) => message.includes(starts));
  if (refusal) {
    return new StoreRefusedError(`Redis at ${where} refuses: ${message}: ${refusal.advice}`, { cause: error });
  }
  return new BrokerUnavailableError(
    `Redis at ${where} did not answer within ${deadline} ms, though connecting was tried again all the while (${message}): check that it runs and that the address is right; the call may be repeated${localAdvice(where)}`,
    { cause: error },
  );
}

function messageOf(error: unknown): string[] {
  if (error === undefined) return [];
  return [error instanceof Error ? error.message || error.name : String(error)];
}
