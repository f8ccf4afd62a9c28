import { defineTask, rateLimit } from "tandemq";

/** Five calls in an hour for each account; later jobs say so. */
export const call = defineTask("api.call", async ({ account }) => {
  const free = await rateLimit(["api", account].join(" "), 5, "1h");
  return free > 0 ? `called, ${free - 1} left` : "not called";
});
