import { limiterRate } from "../../../test/contract/limiter-rate.js";
import type { Connection } from "../src/connection/connection.js";
import { LimitDocuments, type ReadLimit } from "../src/limits/limit-documents.js";
import { MongoLimiter } from "../src/limits/mongo-limiter.js";
import { Stage } from "./support/stage.js";

/** Whatever the server's clock says. */
class ModelledDocuments extends LimitDocuments {
  readonly #now: () => number;

  constructor(connection: Connection, now: () => number) {
    super(connection);
    this.#now = now;
  }

  override async read(name: string): Promise<ReadLimit> {
    return { ...(await super.read(name)), now: this.#now(), passed: () => 0 };
  }
}

limiterRate(
  "MongoDB",
  async (now) => {
    const stage = new Stage();
    const limiter = (connection: Connection) => new MongoLimiter(connection, new ModelledDocuments(connection, now));
    return { limiters: [limiter(stage.connection), limiter(stage.connect())], close: () => stage.close() };
  },
  { runs: 4 },
);
