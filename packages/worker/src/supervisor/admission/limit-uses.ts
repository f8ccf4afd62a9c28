import {
  type Claim,
  hasComputedKey,
  type JsonObject,
  type LimitAsk,
  type LimitRule,
  limitKeys,
  type Source,
} from "@tandemq/core";
import type { Catalog } from "../../tasks/task-registry.js";

/** What a supervisor knows of limits: those of tasks, told by its children, and those of queues. */
export class LimitUses {
  readonly #rules = new Map<string, readonly LimitRule[]>();
  #catalog: Catalog = {};
  #tasks = false;

  learn(catalog: Catalog): void {
    this.#catalog = catalog;
    this.#tasks = Object.values(catalog).some(({ limits }) => limits !== undefined);
  }

  /** Whether any job of this source can be limited at all. */
  concern(source: Source): boolean {
    return this.#tasks || source.limits !== undefined;
  }

  /**
   * What has to be asked before the job may start: first for its task, then for its queue. Where its executor tells keys of
   * its task's limits, all of those are asked then: a start that is counted before would stand in its own way.
   */
  of(claim: Claim, source: Source): LimitAsk[] {
    return [...(this.isUnsure(claim) ? [] : this.ofTask(claim)), ...this.#ofQueue(claim, source)];
  }

  ofTask(claim: Claim): LimitAsk[] {
    const limits = this.#catalog[claim.path]?.limits;
    if (!limits) return [];
    const keys = claim.settings.limitKeys ?? limits.map(({ key }) => key);
    return limits.flatMap((figures, i) => askOf(claim, `task ${claim.path}`, i, figures, keys[i] ?? null));
  }

  /** Whether the keys of its task's limits are still to be told by its executor. */
  isUnsure({ path, settings: { limitKeys: known } }: Pick<Claim, "path" | "settings">): boolean {
    return known === undefined && hasComputedKey(this.#catalog[path]?.limits ?? []);
  }

  #ofQueue(claim: Claim, source: Source): LimitAsk[] {
    const rules = this.#rulesOf(source, claim.queue);
    if (rules.length === 0) return [];
    const keys = limitKeys(rules, JSON.parse(claim.params) as JsonObject);
    return rules.flatMap((rule, i) => askOf(claim, `queue ${claim.queue}`, i, rule, keys[i] ?? null));
  }

  #rulesOf(source: Source, queue: string): readonly LimitRule[] {
    const known = this.#rules.get(queue);
    if (known) return known;
    const rules = source.limits?.(queue) ?? [];
    this.#rules.set(queue, rules);
    return rules;
  }
}

function askOf(
  { id, queue, token }: Claim,
  scope: string,
  place: number,
  { max, per, concurrency }: Pick<LimitAsk, "max" | "per" | "concurrency">,
  key: string | null,
): LimitAsk[] {
  if (key === null) return [];
  const figures = {
    ...(max === undefined || per === undefined ? {} : { max, per }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
  return [{ limit: `${scope} ${place} ${key}`, job: { id, queue }, token, ...figures }];
}
