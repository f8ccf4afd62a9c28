import { edgesOf, type Extent, type Histogram, type HistogramRange, histogramOf } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { histogram as script } from "../generated/lua.js";

export async function histogram(
  context: BrokerContext,
  queue: string,
  range: HistogramRange,
  now: () => Promise<number>,
): Promise<Histogram> {
  const { connections, keys, shapeOf } = context;
  const by = shapeOf(queue).kind === "sorted" ? "score" : "due";
  const edges = edgesOf(by, range, await extentOf(context, queue, by, range, now));
  const args = [by, ...edges];
  const reply = await connections.run("producer", script, keys.queue(queue).of(script), args);
  const [others = 0, ...counts] = reply as number[];
  return histogramOf(by, edges, counts, others);
}

/** Looks only for the ends that were not named. */
async function extentOf(
  { connections, keys }: BrokerContext,
  queue: string,
  by: Histogram["by"],
  { from, to }: HistogramRange,
  now: () => Promise<number>,
): Promise<Extent> {
  const key = keys.queue(queue).key(by === "score" ? "ready" : "due");
  const at = async (place: "0" | "-1") => {
    const [, score] = await connections.command("producer", (client) => client.zrange(key, place, place, "WITHSCORES"));
    return score === undefined ? now() : Number(score);
  };
  const min = from ?? (by === "score" ? await at("0") : await now());
  return { min, max: to ?? (await at("-1")) };
}
