/** What `startServices` should bring up, and where. */
export interface Ports {
  readonly mongo?: number;
  readonly redis?: number;
}

export interface ServicesOptions {
  /** Whether a MongoDB is wanted. Default: true. */
  readonly mongo?: boolean;
  /** Whether a Redis is wanted. Default: true. */
  readonly redis?: boolean;
  /** Folder in which the data outlives `stop()`. Default: a temporary folder that goes with the servers. */
  readonly dataDir?: string;
  /** Ports to listen on where they are free. Default: any that are free. */
  readonly ports?: Ports;
  /** Folder of downloaded server binaries. Default: `tandemq/bin` in the user's cache folder (XDG_CACHE_HOME). */
  readonly cacheDir?: string;
  /** Gets one line of text for each step worth telling. Default: silence. */
  readonly onProgress?: (line: string) => void;
  /** Environment to read TANDEMQ_MONGO, TANDEMQ_REDIS, PATH and the cache folder from. Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Running services: where they answer, and how to end those that are ours. */
export interface Services extends AsyncDisposable {
  /** Address of MongoDB; absent when none was wanted. */
  readonly mongoUrl: string | undefined;
  /** Address of Redis; absent when none was wanted. */
  readonly redisUrl: string | undefined;
  /** Ends the servers that were started here and removes their temporary data. May be called twice. Never throws. */
  stop(): Promise<void>;
}

/** Where one server is to be. */
export interface Wish {
  /** Folder in which its data outlives it; `undefined`: a temporary one. */
  readonly dataDir: string | undefined;
  /** Where it listens if that is free. */
  readonly port: number | undefined;
}

/** Surroundings of one start: what every step of it may need. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly cacheDir: string;
  readonly progress: (line: string) => void;
}

/** A way to run a server that was found to work on this machine. */
export interface ServerBinary {
  /** Where it comes from, for progress and errors. */
  readonly origin: string;
  /** How long its first start may take, in milliseconds. */
  readonly startLimitMs: number;
  /** The command line of a server on a loopback port, with its data in a folder; the server's own flags follow. */
  command(port: number, folder: string, flags: readonly string[]): readonly string[];
}

/** One way to get at a server. */
export interface Route {
  readonly name: string;
  /** Finds or installs the server. Rejects with a short reason where this way is closed. */
  find(context: Context): Promise<ServerBinary>;
}
