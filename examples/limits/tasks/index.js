import { defineBatchTask } from "tandemq";

/** One call of the search engine for up to 100 documents. */
export const add = defineBatchTask(
  "index.add",
  async (jobs) => jobs.map(({ params }) => (params.text === "" ? new Error("nothing to index") : params.text.length)),
  { size: 100, wait: "50ms" },
);
