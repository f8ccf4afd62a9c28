/** Services that run in the background. */
export interface BackgroundServices {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  /** The process that keeps them. */
  readonly pid: number;
  /** When they were ready, ISO 8601. */
  readonly since: string;
  /** Folder of their data; absent where it goes with them. */
  readonly data?: string;
}

/** What a keeper tells whoever started it. */
export type KeeperMessage =
  | { readonly progress: string }
  | { readonly ready: BackgroundServices }
  | { readonly failed: string };
