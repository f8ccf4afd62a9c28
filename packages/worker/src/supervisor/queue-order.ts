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

/** Decides in which order one source's queues are asked. */
export interface QueueOrder {
  of(queues: readonly string[]): Pick<ClaimRequest, "queues" | "inOrder">;
  /** What the claim that was asked so has got. */
  got(claims: readonly Claim[], asked: readonly string[]): void;
}

export function queueOrder(strategy: Strategy, listed: readonly Weighed[]): QueueOrder {
  if (strategy === "roundRobin") return { of: (queues) => ({ queues }), got: () => {} };
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

  of(queues: readonly string[]): Pick<ClaimRequest, "queues" | "inOrder"> {
    const places = new Map(queues.map((queue) => [queue, placeOf(this.#listed, queue)]));
    const sorted = [...queues].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
    return { queues: sorted, inOrder: true };
  }

  got(): void {}
}

/** Who has had least for its weight is asked first. A queue that had nothing saves up nothing. */
class WeightedOrder implements QueueOrder {
  readonly #listed: readonly Weighed[];
  readonly #had = new Map<string, number>();

  constructor(listed: readonly Weighed[]) {
    this.#listed = listed;
  }

  of(queues: readonly string[]): Pick<ClaimRequest, "queues" | "inOrder"> {
    const sorted = [...queues].sort((a, b) => (this.#had.get(a) ?? 0) - (this.#had.get(b) ?? 0));
    return { queues: sorted, inOrder: true };
  }

  got(claims: readonly Claim[], asked: readonly string[]): void {
    for (const { queue } of claims) {
      const { weight = 1 } = entryOf(this.#listed, queue) ?? {};
      this.#had.set(queue, (this.#had.get(queue) ?? 0) + 1 / weight);
    }
    const giving = new Set(claims.map(({ queue }) => queue));
    const least = Math.min(...[...giving].map((queue) => this.#had.get(queue) ?? 0));
    if (giving.size === 0) return;
    for (const queue of asked) {
      if (giving.has(queue)) return;
      this.#had.set(queue, Math.max(this.#had.get(queue) ?? 0, least));
    }
  }
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
