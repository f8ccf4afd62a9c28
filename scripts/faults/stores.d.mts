/** How one kind of server is set up. */
export interface StoreKind {
  readonly name: "mongo" | "redis";
  readonly flags: readonly string[];
  urlOf(port: number): string;
  waitUntilReady(port: number, signal: AbortSignal): Promise<void>;
}

export interface Store {
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export function createStore(
  what: { readonly kind: StoreKind; readonly flags?: readonly string[] },
  folder: string,
): Promise<Store>;
