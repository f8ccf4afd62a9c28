import type { DoctorContext, StoreName } from "../context.js";
import { error, type Finding, ok, warning } from "../finding.js";

/** An answer that takes longer than this makes every claim and settlement slow, ms. */
const slow = 50;

/** Whether a configured store answers, and how quickly: by the quickest of three answers, since the first has to connect. */
export async function checkConnection(context: DoctorContext, store: StoreName): Promise<Finding> {
  const name = store === "mongo" ? "MongoDB" : "Redis";
  try {
    const inspector = context[store].inspector();
    const quickest = Math.min(await inspector.ping(), await inspector.ping(), await inspector.ping());
    const ms = Math.round(quickest * 10) / 10;
    if (ms < slow) return ok(`${name} at ${inspector.where} answers in ${ms} ms`);
    return warning(
      `${name} at ${inspector.where} took ${ms} ms to answer`,
      "Every claim and every settlement waits for such an answer.",
      "Move workers nearer to the store, or find out what keeps it busy.",
    );
  } catch (thrown) {
    return error(
      `${name} cannot be reached: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      `Nothing can be enqueued into queues that need ${name}, and no worker can run them.`,
      `Start it, or correct ${store === "mongo" ? "mongo (TANDEMQ_MONGO)" : "redis (TANDEMQ_REDIS)"}; \`tandemq services start\` brings up private stores.`,
    );
  }
}
