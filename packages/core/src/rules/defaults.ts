/** Defaults that more than one package needs; all times in milliseconds. */
export const defaults = {
  lease: 30_000,
  extendEvery: 10_000,
  maxLost: 3,
  attempts: 1,
  timeout: 3_600_000,
  killAfter: 10_000,
  drain: 25_000,
  heartbeat: 5_000,
  keepResults: 604_800_000,
  keepFailures: 2_592_000_000,
  maintenance: 60_000,
  concurrency: 10,
  processes: 1,
} as const;
