import type { Delivery } from "../delivery.js";
import { assignmentHead } from "../executor/assignment.js";
import { encodeFrame } from "./frames.js";
import type { WireJob } from "./messages.js";

/** Jobs on their way to a child in one frame: heads together, params behind them, unread. */
export class WireBatch {
  readonly #jobs: WireJob[] = [];
  readonly #params: string[] = [];

  add({ n, claim }: Delivery): void {
    this.#jobs.push({ ...assignmentHead(n, claim), length: claim.params.length });
    this.#params.push(claim.params);
  }

  encode(): Buffer {
    return encodeFrame(JSON.stringify({ t: "run", jobs: this.#jobs }), this.#params.join(""));
  }
}
