/** The jobs that programs know of, the last ones first in mind. */
export class Known {
  #refs = [];

  add({ id, queue }) {
    this.#refs.push({ id, queue });
  }

  some(random, most) {
    const recent = this.#refs.slice(-40);
    const count = Math.min(random.between(1, most), recent.length);
    const picked = Array.from({ length: count }, () => random.pick(recent));
    return [...new Map(picked.map((ref) => [ref.id, ref])).values()];
  }
}
