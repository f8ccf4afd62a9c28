/**
 * One thing that keeps the stores tidy. Every worker does all chores, none of them leads: a chore is harmless when it is
 * done twice, or by many at once, and does a bounded piece of work at a time.
 */
export interface Chore {
  /** For logs, such as `orphaned raw jobs`. */
  readonly name: string;
  /** Does a piece. @returns how many things were put right */
  run(): Promise<number>;
}
