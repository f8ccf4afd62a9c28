import type { Pools } from "../../pools/create-pools.js";
import type { Dispatcher } from "../dispatch/dispatcher.js";
import { type Parts, capacityOf } from "../parts.js";
import { Slots } from "./slots.js";

/** The slots of these pools, and what is claimed ahead of them. */
export function createSlots({ settings, prefetch }: Parts, { main, solo }: Pools, dispatcher: Dispatcher): Slots {
  const { processes } = settings;
  const capacity = capacityOf(settings);

  function ahead(): number {
    return Math.min(prefetch.room, main.ahead);
  }

  /** Jobs that can be claimed now; many that wait to run alone leave less room. */
  function free(): number {
    return main.free + ahead() - dispatcher.waiting - Math.max(0, solo.waiting - capacity);
  }

  /** Large claims cost less for each job; children have what they run next, so that theirs may be larger still. */
  function enough(): number {
    const room = ahead();
    if (room === 0) return capacity;
    return processes > 0 ? (2 * room) / 3 : (capacity + room) / 2;
  }

  return new Slots(free, enough, () => processes === 0 || main.free > 0);
}
