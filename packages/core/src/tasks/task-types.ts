import type { Json } from "../model/json.js";
import type { Task } from "./task.js";

/**
 * The tasks that are known by their path. Empty; a program adds its own, and from then on params and result are inferred
 * where it enqueues by path:
 *
 *     declare module "tandemq" {
 *       interface TaskTypes {
 *         "mail.send": typeof sendMail; // a task
 *         "mail.count": { params: { folder: string }; result: number }; // or its types, where the code is elsewhere
 *       }
 *     }
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by its users
export interface TaskTypes {}

/** A path that `TaskTypes` knows, or any other text. */
// oxlint-disable-next-line typescript/no-redundant-type-constituents -- never only until a program adds its tasks
export type TaskPath = keyof TaskTypes | (string & {});

/** Params of the task at a path: as `TaskTypes` says, else any object. */
export type ParamsAt<Path extends string> = Path extends keyof TaskTypes ? ParamsOf<TaskTypes[Path]> : object;

/** Result of the task at a path: as `TaskTypes` says, else any JSON value or none. */
export type ResultAt<Path extends string> = Path extends keyof TaskTypes ? ResultOf<TaskTypes[Path]> : Json | undefined;

type ParamsOf<T> =
  T extends Task<infer P, infer _R, never> ? P : T extends { params: infer P extends object } ? P : object;
type ResultOf<T> = T extends Task<infer _P, infer R, never> ? R : T extends { result: infer R } ? R : Json | undefined;
