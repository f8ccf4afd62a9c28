import type { WakeupListener, Wakeups } from "@tandemq/core";
import type { Client } from "./connection/connection.js";
import type { Connections } from "./connection/connections.js";
import type { Keyspace } from "./keys.js";

/** So many deadlines lie between two pings: where wake-ups are lost meanwhile, work is found by looking. */
const pingEvery = 3;

/** Messages over Redis: one subscriber per set of connections, made at the first `listen`. */
export class RedisWakeups implements Wakeups {
  readonly #connections: Connections;
  readonly #keys: Keyspace;
  readonly #listeners = new Set<WakeupListener>();
  #subscriber: Client | undefined;
  #pings: NodeJS.Timeout | undefined;

  constructor(connections: Connections, keys: Keyspace) {
    this.#connections = connections;
    this.#keys = keys;
  }

  work(queues: readonly string[]): void {
    if (queues.length > 0) this.#publish(this.#keys.wake, queues);
  }

  finished(ids: readonly string[]): void {
    if (ids.length > 0) this.#publish(this.#keys.finished, ids);
  }

  cancel(): void {
    this.#publish(this.#keys.cancelled, [""]);
  }

  listen(listener: WakeupListener): () => void {
    this.#subscribe();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#pings);
    this.#listeners.clear();
  }

  #publish(channel: string, names: readonly string[]): void {
    this.#connections.command("producer", (client) => client.publish(channel, names.join("\n"))).catch(() => undefined);
  }

  #subscribe(): void {
    if (this.#subscriber) return;
    const subscriber = this.#connections.client("subscriber");
    this.#subscriber = subscriber;
    subscriber.on("message", (channel: string, message: string) => this.#tell(channel, message.split("\n")));
    subscriber.on("ready", () => this.#join(subscriber));
    if (subscriber.status === "ready") this.#join(subscriber);
    this.#pings = setInterval(() => this.#ping(subscriber), pingEvery * this.#connections.deadline).unref();
  }

  /** Runs at each new connection: what was said before it was not heard. */
  #join(subscriber: Client): void {
    subscriber.subscribe(this.#keys.wake, this.#keys.finished, this.#keys.cancelled).then(
      () => this.#lag(),
      () => undefined,
    );
  }

  /** A connection that only listens would not notice that the other side is gone. */
  #ping(subscriber: Client): void {
    if (subscriber.status === "ready") subscriber.ping().catch(() => undefined);
  }

  #lag(): void {
    for (const listener of [...this.#listeners]) listener.onLagged?.();
  }

  #tell(channel: string, names: string[]): void {
    for (const listener of [...this.#listeners]) {
      if (channel === this.#keys.wake) listener.onWork?.(names);
      else if (channel === this.#keys.cancelled) listener.onCancel?.();
      else listener.onFinished?.(names);
    }
  }
}
