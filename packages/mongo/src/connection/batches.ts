export interface BatchLimits {
  readonly count: number;
  readonly bytes: number;
}

interface Sized {
  /** Of the document; no batch has one twice. */
  readonly id: string;
  readonly bytes: number;
}

/** Splits items, in order, so that no batch exceeds a limit (a single item may) or names a document twice. */
export function batches<T extends Sized>(items: readonly T[], limits: BatchLimits): T[][] {
  const found: T[][] = [];
  let batch: T[] = [];
  let bytes = 0;
  let ids = new Set<string>();
  for (const item of items) {
    if (batch.length === 0 || batch.length >= limits.count || bytes + item.bytes > limits.bytes || ids.has(item.id)) {
      batch = [];
      bytes = 0;
      ids = new Set();
      found.push(batch);
    }
    batch.push(item);
    bytes += item.bytes;
    ids.add(item.id);
  }
  return found;
}

/** The list in two halves; a single item is not split. */
export function halves<T>(items: readonly T[]): T[][] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)].filter((half) => half.length > 0);
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let i = 0; i < items.length; i += size) found.push(items.slice(i, i + size));
  return found;
}
