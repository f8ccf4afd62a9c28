export const modes = ["regular", "raw", "no-storage"];

const names = ["a", "b", "tree/x", "tree/y/z", "two"];
const kinds = { regular: ["lifo"], raw: ["lifo", "set", "sorted", "timed"], "no-storage": ["set", "sorted", "timed"] };
const isKind = /\/(lifo|set|sorted|timed)$/;

/** Queues of a mode between which jobs may move. */
export const queuesOf = (mode) => names.map((name) => `${mode}/${name}`);

export const modeOf = (queue) => queue.split("/")[0];

const common = ["ok", "ok", "ok", "ok", "quick", "fail", "retry", "snooze", "progress"];
const rare = ["abort", "never", "deaf", "frozen", "text"];
const paths = ["lives.run", "lives.run", "lives.run", "lives.two", "lives.paced", "lives.both", "lives.batch"];
/** They take others with them, or hold their batch up. */
const rough = ["exit", "reject", "frozen"];

/** The random jobs of one life. */
export class Plan {
  #random;
  #setup;
  #numbers = 0;

  constructor(random, setup) {
    this.#random = random;
    this.#setup = setup;
  }

  is(share) {
    return this.#random.share() < share;
  }

  number() {
    return this.#numbers++;
  }

  mode() {
    return this.#random.pick(this.#setup.modes);
  }

  queue(mode = this.mode()) {
    return this.#random.pick(queuesOf(mode));
  }

  /** The path, the params and the options of a job. */
  job({ mode = this.mode(), isChild = false } = {}) {
    const queue = this.#setup.kinds && this.is(0.35) ? `${mode}/${this.#random.pick(kinds[mode])}` : this.queue(mode);
    const fates = this.#fates(queue, isChild);
    return { path: this.#path(fates), params: this.#params(queue, fates), options: this.#options(queue, fates) };
  }

  #params(queue, fates) {
    const { between, pick } = this.#dice;
    const ms = this.is(0.1) ? between(50, 400) : between(0, 30);
    const params = { n: this.number(), v: 0, fates, ms, group: pick(["g1", "g2"]) };
    if (queue.endsWith("/timed") && this.is(0.3)) params.again = between(20, 200);
    if (fates.includes("elsewhere")) params.other = this.queue(this.#setup.crossing ? undefined : modeOf(queue));
    if (fates.includes("parent")) params.children = Array.from({ length: between(1, 3) }, () => this.#child(queue));
    return params;
  }

  #child(queue) {
    const { path, params, options } = this.job({ isChild: true, ...(this.is(0.8) ? { mode: modeOf(queue) } : {}) });
    return { ...params, path, options };
  }

  #fates(queue, isChild) {
    const { between, pick } = this.#dice;
    const { poison, elsewhere, codec } = this.#setup;
    const choice = [
      ...rare,
      ...(isChild ? [] : ["parent", "parent", "parent"]),
      ...(poison ? ["exit", "reject"] : []),
      ...(elsewhere && !isKind.test(queue) ? ["elsewhere"] : []),
      ...(modeOf(queue) === "regular" && !codec ? ["complete"] : []),
    ];
    return Array.from({ length: between(1, 3) }, () => (this.is(0.3) ? pick(choice) : pick(common)));
  }

  #path(fates) {
    if (fates.some((fate) => rough.includes(fate))) return "lives.run";
    return this.#random.pick(this.#setup.inline ? paths : [...paths, "lives.alone"]);
  }

  #options(queue, fates) {
    const { between, pick } = this.#dice;
    const timeout = fates.includes("never") ? between(50, 400) : this.is(0.2) ? between(30, 2000) : undefined;
    const delay = this.is(0.3) ? between(0, 900) : undefined;
    const always = { queue, ...some({ delay, timeout }) };
    if (queue.endsWith("/timed")) return { ...always, key: `k${between(0, 3)}`, attempts: between(1, 2) };
    const isSorted = queue.endsWith("/sorted");
    return {
      ...always,
      ...some({
        score: isSorted ? between(-100, 100) / 10 : undefined,
        priority: !isSorted && this.is(0.3) ? between(-10, 10) : undefined,
        tags: this.is(0.5) ? [pick(["red", "green", "blue"])] : undefined,
        attempts: this.is(0.4) ? between(1, 4) : undefined,
        startBy: this.is(0.1) ? (delay ?? 0) + between(50, 1500) : undefined,
        hardTimeout: !this.#setup.inline && this.is(0.05) ? (timeout ?? 100) + between(50, 300) : undefined,
      }),
      ...(this.is(0.3) ? this.#key() : {}),
    };
  }

  #key() {
    const { between, pick } = this.#dice;
    const lasting = this.is(0.1) ? { for: between(100, 1500) } : {};
    const key = { value: `k${between(0, 3)}`, until: pick(["start", "finish"]), ...lasting };
    return { key, ...(this.is(0.5) ? { onDuplicate: pick(["keep", "replace", "extend"]) } : {}) };
  }

  get #dice() {
    return { pick: (list) => this.#random.pick(list), between: (min, max) => this.#random.between(min, max) };
  }
}

/** The fields that have a value. */
function some(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
