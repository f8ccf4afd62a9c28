import {
  type Histogram,
  type HistogramRange,
  type Job,
  type JobFilter,
  type JobRef,
  type QueueCounts,
  type ShapeOf,
  type Status,
  statuses,
} from "@tandemq/core";
import type { Sort } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { lineOrder, ofBroker, stackOrder } from "../documents/filters.js";
import { counts } from "./counts.js";
import { find } from "./find.js";
import { get } from "./get.js";
import { histogram } from "./histogram.js";
import { select } from "./select.js";

/** What there is to see of regular jobs. */
export abstract class MongoLooker {
  protected readonly connection: Connection;
  protected readonly shapeOf: ShapeOf | undefined;

  constructor(connection: Connection, shapeOf: ShapeOf | undefined) {
    this.connection = connection;
    this.shapeOf = shapeOf;
  }

  async counts(queues: readonly string[]): Promise<Map<string, QueueCounts>> {
    const found = await this.run("counts", () => counts(this.connection, queues, ofBroker));
    const none = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
    return new Map(queues.map((queue) => [queue, { ...none, ...found.get(queue) }]));
  }

  async get(refs: readonly JobRef[]): Promise<(Job | undefined)[]> {
    const ids = refs.map(({ id }) => id);
    const found = await this.run("get", () => get(this.connection, ids, ofBroker));
    return refs.map(({ id, queue }) => {
      const job = found.get(id);
      return job?.queue === queue ? job : undefined;
    });
  }

  find(filter: JobFilter): Promise<Job[]> {
    return this.run("find", () => find(this.connection, filter, ofBroker, this.#lineOf(filter)));
  }

  select(filter: JobFilter): Promise<JobRef[]> {
    return this.run("select", () => select(this.connection, filter, ofBroker));
  }

  histogram(queue: string, range: HistogramRange): Promise<Histogram> {
    return this.run("histogram", () => histogram(this.connection, queue, range));
  }

  now(): Promise<number> {
    return this.run("now", () => this.connection.clock.exact());
  }

  protected run<T>(what: string, operation: () => Promise<T>): Promise<T> {
    return this.connection.run(what, operation);
  }

  #lineOf({ queue }: JobFilter): Sort {
    return queue !== undefined && this.shapeOf?.(queue).order === "lifo" ? stackOrder : lineOrder;
  }
}
