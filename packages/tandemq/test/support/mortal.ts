import { BrokerUnavailableError } from "@tandemq/core";

/** Where a process dies: before or after one call of a method reaches its store. */
export interface Arrow {
  readonly of: "live" | "store" | "from" | "to";
  readonly method: string;
  readonly moment: "before" | "after";
}

/** The process that dies there: afterwards nothing it does reaches any store. */
export class Death {
  readonly #arrow: Arrow;
  dead = false;

  constructor(arrow: Arrow) {
    this.#arrow = arrow;
  }

  /** The store as the dying process has it. */
  through<T extends object>(of: Arrow["of"], target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name, object);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => this.#call(of, String(name), () => value.apply(object, args) as unknown);
      },
    });
  }

  async #call(of: Arrow["of"], method: string, run: () => unknown): Promise<unknown> {
    const { of: side, method: last, moment } = this.#arrow;
    if (this.dead) throw new BrokerUnavailableError("this process is dead");
    const dies = side === of && method === last;
    if (dies) this.dead = true;
    if (dies && moment === "before") throw new BrokerUnavailableError(`died before ${method}`);
    const answer = await run();
    if (this.dead) throw new BrokerUnavailableError(`died after ${method}`);
    return answer;
  }
}
