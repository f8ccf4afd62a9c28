import { type Claim, type ClaimRequest, InvalidOptionError } from "@tandemq/core";

/**
 * How a worker serves several queues. `roundRobin`: equal shares, who was served longest ago first. `strict`: as listed,
 * the next only when those before it have nothing due. `weighted`: shares in proportion to `name:weight`.
 */
export const strategies = ["roundRobin", "strict", "weighted"] as const;
export type Strategy = (typeof strategies)[number];

/** A queue, or a tree of queues, with its weight. */
export interface Weighed {
  readonly name: string;
  readonly weight: number;
}

/** Which queues a claim asks, and for how many jobs at most. */
export type Turn = Pick<ClaimRequest, "queues" | "inOrder" | "max">;

/** Decides in which order one source's queues are asked. */
export interface QueueOrder {
  /** @param wanted so many jobs there is room for: the turn may be for fewer, at least one */
  of(queues: readonly string[], wanted: number): Turn;
  /** What the claim that was asked so has got. */
  got(claims: readonly Claim[], asked: readonly string[]): void;
  /** A job of this queue was given back before it began. */
  back(queue: string): void;
}

export function queueOrder(strategy: Strategy, listed: readonly Weighed[]): QueueOrder {
  if (strategy === "roundRobin") return { of: (queues, max) => ({ queues, max }), got: () => {}, back: () => {} };
  return strategy === "strict" ? new StrictOrder(listed) : new WeightedOrder(listed);
}

/**
 * Queue names with their weights.
 *
 * @throws InvalidOptionError when a weight is missing or out of range
 */
export function weigh(queues: readonly string[], strategy: Strategy): Weighed[] {
  if (strategy !== "weighted") return queues.map((name) => ({ name, weight: 1 }));
  return queues.map((queue) => {
    const [, name, digits] = /^(.+):(\d{1,4})$/.exec(queue) ?? [];
    if (name !== undefined && Number(digits) >= 1) return { name, weight: Number(digits) };
    throw new InvalidOptionError(
      `worker: queues: with the strategy "weighted" each queue has a weight from 1 to 9999, such as "${queue}:5"`,
    );
  });
}

class StrictOrder implements QueueOrder {
  readonly #listed: readonly Weighed[];

  constructor(listed: readonly Weighed[]) {
    this.#listed = listed;
  }

  of(queues: readonly string[], max: number): Turn {
    const places = new Map(queues.map((queue) => [queue, placeOf(this.#listed, queue)]));
    const sorted = [...queues].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
    return { queues: sorted, inOrder: true, max };
  }

  got(): void {}

  back(): void {}
}

/** What a queue has had for its weight. */
interface Account {
  readonly had: number;
  readonly weight: number;
}

/**
 * Who has had least for its weight is asked first, and for no more than is its own of the jobs there is room for: weights
 * hold within them, too. A queue that had nothing saves up nothing.
 */
class WeightedOrder implements QueueOrder {
  readonly #listed: readonly Weighed[];
  readonly #had = new Map<string, number>();
  /** Those that had nothing when they were asked last: no room is kept for them. */
  readonly #empty = new Set<string>();

  constructor(listed: readonly Weighed[]) {
    this.#listed = listed;
  }

  of(queues: readonly string[], wanted: number): Turn {
    const sorted = [...queues].sort((a, b) => this.#hadOf(a) - this.#hadOf(b));
    return { queues: sorted, inOrder: true, max: this.#shareOfFirst(sorted, wanted) };
  }

  /** Until all have had as much for their weights, as far as the room goes. */
  #shareOfFirst(sorted: readonly string[], wanted: number): number {
    const giving = sorted.filter((queue) => !this.#empty.has(queue));
    const line = (giving.length > 0 ? giving : sorted).map((queue) => this.#accountOf(queue));
    const [first] = line;
    if (!first || line.length === 1) return wanted;
    return Math.min(wanted, Math.max(1, Math.round((levelOf(line, wanted) - first.had) * first.weight)));
  }

  #accountOf(queue: string): Account {
    return { had: this.#hadOf(queue), weight: this.#weightOf(queue) };
  }

  #hadOf(queue: string): number {
    return this.#had.get(queue) ?? 0;
  }

  #weightOf(queue: string): number {
    return entryOf(this.#listed, queue)?.weight ?? 1;
  }

  got(claims: readonly Claim[], asked: readonly string[]): void {
    for (const { queue } of claims) {
      this.#had.set(queue, this.#hadOf(queue) + 1 / this.#weightOf(queue));
    }
    const giving = new Set(claims.map(({ queue }) => queue));
    for (const queue of giving) this.#empty.delete(queue);
    const least = Math.min(...[...giving].map((queue) => this.#hadOf(queue)));
    if (giving.size === 0) return;
    for (const queue of asked) {
      if (giving.has(queue)) return;
      this.#empty.add(queue);
      this.#had.set(queue, Math.max(this.#hadOf(queue), least));
    }
  }

  back(queue: string): void {
    this.#had.set(queue, this.#hadOf(queue) - 1 / this.#weightOf(queue));
  }
}

/** How much for its weight each has had when the room is given away to those who have had least. In order of `had`. */
function levelOf(line: readonly Account[], wanted: number): number {
  let [weights, level, left] = [0, line[0]?.had ?? 0, wanted];
  for (const { weight, had } of line) {
    const rise = (had - level) * weights;
    if (rise >= left) break;
    left -= rise;
    level = had;
    weights += weight;
  }
  return level + left / weights;
}

function placeOf(listed: readonly Weighed[], queue: string): number {
  const entry = entryOf(listed, queue);
  return entry ? listed.indexOf(entry) : listed.length;
}

function entryOf(listed: readonly Weighed[], queue: string): Weighed | undefined {
  return listed.find(({ name }) => name === queue) ?? listed.find(({ name }) => isBelow(name, queue));
}

function isBelow(tree: string, queue: string): boolean {
  return (tree.endsWith("/") || tree.endsWith("*")) && queue.startsWith(tree.replace(/\*$/, ""));
}
