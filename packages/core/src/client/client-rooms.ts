import type { JobId } from "../model/job.js";
import type { Deployment } from "../ports/deployment.js";
import { defaultMaxBytes } from "../rules/check-json.js";
import type { ClientOptions } from "./client-options.js";
import { type HandleOf, JobAdder } from "./job-adder.js";
import { JobChanger } from "./job-changer.js";
import { type HandleTools, JobHandle } from "./job-handle.js";
import { JobLooker } from "./job-looker.js";
import { JobMaker } from "./job-maker.js";
import { ResultWaiter } from "./result-waiter.js";
import { Routes } from "./routes.js";

/** Who does what a client says. */
export interface ClientRooms {
  readonly deployment: Deployment;
  readonly routes: Routes;
  readonly waiter: ResultWaiter;
  readonly maker: JobMaker;
  readonly adder: JobAdder;
  readonly looker: JobLooker;
  readonly changer: JobChanger;
  readonly tools: HandleTools;
}

export function openRooms(deployment: Deployment, options: ClientOptions): ClientRooms {
  const { maxParamsBytes = defaultMaxBytes, taskRules, middleware = [], redact } = options;
  const routes = new Routes(deployment);
  const waiter = new ResultWaiter(routes);
  const maker = new JobMaker(maxParamsBytes, taskRules);
  const changer = new JobChanger(routes, deployment.registry, maxParamsBytes);
  const looker = new JobLooker(routes, deployment, redact);
  const tools = { waiter, find: (id: JobId) => routes.find(id), cancel: changer.cancel, show: looker.show };
  const handleOf: HandleOf = ({ queue }, answer, route) => new JobHandle(queue, answer, route, tools);
  const adder = new JobAdder(routes, middleware, handleOf);
  return { deployment, routes, waiter, maker, adder, looker, changer, tools };
}
