import type { Broker } from "@tandemq/core";

/** Calls a broker's method, or does not. */
export type Around = (method: string, call: () => Promise<unknown>) => Promise<unknown>;

/** The broker as somebody has it whose every call goes through this. */
export function through(broker: Broker, around: Around): Broker {
  return new Proxy(broker, {
    get: (object, name) => {
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => around(String(name), async () => value.apply(object, args) as unknown);
    },
  });
}

/** Dies at so many calls, before the call reaches the store or after it; then nothing does any more. 0: lives. */
export function dying(calls: number, after: boolean): Around {
  let left = calls > 0 ? calls : Number.POSITIVE_INFINITY;
  return async (method, call) => {
    left -= 1;
    if (left < 0 || (left === 0 && !after)) throw new Error(`died before ${method}`);
    const answer = await call();
    if (left === 0) throw new Error(`died after ${method}`);
    return answer;
  };
}
