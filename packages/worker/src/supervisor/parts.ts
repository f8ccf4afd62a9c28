import type { Source } from "@tandemq/core";
import type { Emitter, WorkerEvents } from "../events.js";
import type { WorkerSettings } from "../options.js";
import type { Catalog } from "../tasks/task-registry.js";
import { Admission } from "./admission/admission.js";
import { Budget } from "./claiming/budget.js";
import { Prefetch, mostAhead } from "./claiming/prefetch.js";
import { Redaction } from "./desk/redaction.js";
import { Ledger } from "./holding/ledger.js";
import { Statistics } from "./reporting/statistics.js";
import { Emigrations } from "./settling/emigrations.js";
import { Settlers } from "./settling/settlers.js";
import { Changes } from "./waiting/changes.js";

export type WorkerState = "starting" | "running" | "stopping";

/** What the rooms of one worker share. */
export interface Parts {
  readonly settings: WorkerSettings;
  readonly events: Emitter<WorkerEvents>;
  readonly statistics: Statistics;
  readonly changes: Changes;
  readonly ledger: Ledger;
  readonly redaction: Redaction;
  readonly admission: Admission;
  readonly budget: Budget;
  readonly prefetch: Prefetch;
  readonly settlers: Settlers;
  readonly emigrations: Emigrations;
  readonly onError: (error: unknown) => void;
  /** What the worker serves; empty until its stores are there. */
  sources: readonly Source[];
  /** What is known of the tasks. */
  catalog: Catalog;
  state: WorkerState;
}

export function createParts(settings: WorkerSettings, events: Emitter<WorkerEvents>): Parts {
  const changes = new Changes();
  const onError = (error: unknown) => events.emit("error", error);
  return {
    ...{ settings, events, changes, onError },
    statistics: new Statistics(),
    ledger: new Ledger(() => changes.notify()),
    redaction: new Redaction(settings.redactor),
    admission: new Admission({ ...settings, onError }),
    budget: new Budget(settings.maxJobs),
    prefetch: new Prefetch(aheadOf(settings)),
    settlers: new Settlers(),
    emigrations: new Emigrations(settings.logger),
    sources: [],
    catalog: {},
    state: "starting",
  };
}

/** Jobs that can run at a time. */
export function capacityOf({ concurrency, processes }: WorkerSettings): number {
  return concurrency * Math.max(1, processes);
}

/** An exact number of jobs, or a run until nothing is due, leaves nothing to claim ahead. */
function aheadOf(settings: WorkerSettings): number {
  if (settings.maxJobs !== undefined || settings.burst) return 0;
  return mostAhead(capacityOf(settings)) * (settings.processes > 0 ? 2 : 1);
}
