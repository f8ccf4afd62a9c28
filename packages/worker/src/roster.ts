/** What a roster lists: it notes its own place there. */
export interface Listed {
  /** −1 or nothing: it is in no roster. */
  place?: number;
}

/** Whether it stands in a roster. */
export function isListed({ place = -1 }: Listed): boolean {
  return place >= 0;
}

/** A set of things that each stand in one roster alone, in no order: adding and removing cost no memory. */
export class Roster<T extends Listed> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    item.place = this.#items.length;
    this.#items.push(item);
  }

  has(item: T): boolean {
    return isListed(item);
  }

  /** @returns whether it was there */
  delete(item: T): boolean {
    const { place = -1 } = item;
    const last = this.#items.at(-1);
    if (place < 0 || !last) return false;
    this.#items[place] = last;
    last.place = place;
    this.#items.pop();
    item.place = -1;
    return true;
  }

  find(matches: (item: T) => boolean): T | undefined {
    return this.#items.find(matches);
  }

  /** What is there now: things may come and go while this is read. */
  all(): T[] {
    return [...this.#items];
  }
}
