import { gunzipSync, gzipSync } from "node:zlib";

/** Queues of every mode and kind. The stores come from TANDEMQ_MONGO and TANDEMQ_REDIS. */
const modes = ["regular", "raw", "no-storage"];
const codec = {
  name: "gzip/1",
  encode: (text) => gzipSync(text).toString("base64"),
  decode: (data) => gunzipSync(Buffer.from(data, "base64")).toString(),
};
const kinds = (mode) =>
  Object.fromEntries(["set", "sorted", "timed"].map((kind) => [`${mode}/${kind}`, { mode, kind }]));

export function configOf({ isCoded }) {
  return {
    tasks: ["tasks/*.mjs"],
    queues: {
      ...Object.fromEntries(
        modes.flatMap((mode) => [
          [`${mode}/*`, mode],
          [`${mode}/two`, { mode, limit: { concurrency: 2 } }],
          [`hand/${mode}`, mode],
        ]),
      ),
      "regular/lifo": { mode: "regular", order: "lifo" },
      "raw/lifo": { mode: "raw", order: "lifo" },
      ...kinds("raw"),
      ...kinds("no-storage"),
    },
    ...(isCoded ? { codec } : {}),
  };
}

export default configOf({ isCoded: process.env.LIVES_CODEC === "1" });
