import {
  type JobRef,
  type LimitAnswer,
  type LimitAsk,
  type Limiter,
  type LimitFigures,
  type LimitHold,
  lineOf,
  newJobId,
  placeKeptFor,
  StoreRefusedError,
} from "@tandemq/core";
import { groupBy, pieces } from "./broker-context.js";
import type { Client } from "./connection/connection.js";
import type { Connections } from "./connection/connections.js";
import { limitAsk, limitExtend, limitRelease, limitTake } from "./generated/lua.js";
import type { Keyspace } from "./keys.js";

/** Most deliveries in one script call: bounds how long the server is busy with it. */
const most = 500;

/** Limits in Redis, by its clock: one script call for all who ask under one name. */
export class RedisLimiter implements Limiter {
  readonly #connections: Connections;
  readonly #keys: Keyspace;
  /** So many of the lines were told by `waiting` in this round. */
  #looked = 0;

  constructor(connections: Connections, keys: Keyspace) {
    this.#connections = connections;
    this.#keys = keys;
  }

  async ask(asks: readonly LimitAsk[], lease: number, room: number = asks.length): Promise<LimitAnswer[]> {
    const answers: LimitAnswer[] = asks.map(() => ({ state: "go" }));
    await this.#each(asks, async (some, places) => {
      const jobs = some.flatMap(({ job, token }) => [job.id, job.queue, token]);
      const told = await this.#run(limitAsk, some, [...figures(some[0]), lease, room, some[0]?.early ?? 0, ...jobs]);
      (told as number[]).forEach((code, i) => {
        if (code !== 0) answers[places[i] as number] = answerOf(code);
      });
      if (some[0]?.concurrency !== undefined && (told as number[]).some((code) => code > 0))
        await this.#remember(some[0]);
    });
    return answers;
  }

  async extend(holds: readonly LimitHold[], lease: number): Promise<void> {
    await this.#each(holds, async (some) => {
      await this.#run(limitExtend, some, [lease, ...some.flatMap(({ id, token }) => [id, token])]);
    });
  }

  async release(holds: readonly LimitHold[]): Promise<JobRef[]> {
    const told: JobRef[] = [];
    await this.#each(holds, async (some) => {
      const each = some.flatMap(({ id, token, undo }) => [id, token, undo ? 1 : 0]);
      const members = await this.#run(limitRelease, some, [some[0]?.concurrency ?? "", placeKeptFor, ...each]);
      for (const member of members as string[]) told.push({ id: member.slice(0, 24), queue: member.slice(25) });
    });
    return told;
  }

  async waiting(most: number): Promise<LimitHold[]> {
    const found = await this.#lines(this.#looked, most);
    const kept = await Promise.all(found.map((line) => this.#keep(line)));
    const there = found.filter((_, i) => kept[i]);
    this.#looked = found.length < most ? 0 : this.#looked + there.length;
    return there;
  }

  async take(limit: string, max: number, per: number): Promise<number> {
    return Number(await this.#run(limitTake, [{ limit }], [max, per, newJobId()]));
  }

  /** Jobs wait under this limit, which allows so many now. */
  #remember({ limit, concurrency = 0 }: LimitFigures & { readonly limit: string }): Promise<void> {
    return this.#note((client) => client.zadd(this.#keys.lines, concurrency, limit));
  }

  /** A server whose memory is full takes no note: who waits comes back by itself, later. */
  async #note(write: (client: Client) => Promise<unknown>): Promise<void> {
    await this.#connections.command("worker", write).catch((error: unknown) => {
      if (!(error instanceof StoreRefusedError)) throw error;
    });
  }

  async #lines(from: number, most: number): Promise<LimitHold[]> {
    const found = await this.#connections.command("worker", (client) =>
      client.zrange(this.#keys.lines, String(from), String(from + most - 1), "WITHSCORES"),
    );
    return found.flatMap((limit, i) => (i % 2 ? [] : [lineOf(limit, Number(found[i + 1]))]));
  }

  /** Whether jobs wait under this limit still. Who comes while it is forgotten is seen, or remembers it anew. */
  async #keep(line: LimitHold): Promise<boolean> {
    const parked = this.#keys.limit(line.limit).key("parked");
    const waits = () => this.#connections.command("worker", (client) => client.exists(parked));
    if ((await waits()) === 1) return true;
    await this.#connections.command("worker", (client) => client.zrem(this.#keys.lines, line.limit));
    if ((await waits()) === 0) return false;
    await this.#remember(line);
    return true;
  }

  /** Side by side for the different limits, in order for one. */
  async #each<T extends { readonly limit: string; readonly early?: number } & LimitFigures>(
    items: readonly T[],
    work: (some: readonly T[], places: readonly number[]) => Promise<void>,
  ): Promise<void> {
    const groups = [...groupBy(items, (item) => `${figures(item).join()} ${item.early ?? 0} ${item.limit}`).values()];
    const one = async (places: readonly number[]) => {
      for (const piece of pieces(places, most))
        await work(
          piece.map((place) => items[place] as T),
          piece,
        );
    };
    await Promise.all(groups.map(one));
  }

  #run(
    script: typeof limitAsk,
    [first]: readonly { readonly limit: string }[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    return this.#connections.run("worker", script, this.#keys.limit(first?.limit ?? "").of(script), args);
  }
}

/** As the script tells it. */
function answerOf(code: number): LimitAnswer {
  return code < -1 ? { state: "go", ms: -1 - code } : { state: "wait", ms: Math.max(0, code) };
}

function figures({ max, per, concurrency }: LimitFigures = {}): (string | number)[] {
  return [max ?? "", per ?? "", concurrency ?? ""];
}
