import type { Delivery } from "../delivery.js";
import { assignmentHead } from "../executor/assignment.js";
import { encodeFrame } from "./frames.js";
import type { WireJob } from "./messages.js";

/** Jobs on their way to a child in one frame: heads together, params behind them, unread. */
export class WireBatch {
  readonly #jobs: WireJob[] = [];
  readonly #params: string[] = [];

  add(delivery: Delivery): void {
    const { params } = delivery.claim;
    this.#jobs.push({ ...assignmentHead(delivery), length: params.length });
    this.#params.push(params);
  }

  encode(): Buffer {
    return encodeFrame(JSON.stringify({ t: "run", jobs: this.#jobs }), this.#params.join(""));
  }
}
