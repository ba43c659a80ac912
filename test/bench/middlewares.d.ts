// The part of the middlewares that the benchmark uses; the packages have no types of their own.

declare module 'cookie-session' {
  interface Options {
    name: string;
    keys: readonly string[];
  }
  export default function cookieSession(options: Options): import('./exchange.ts').Middleware;
}

declare module 'better-sqlite3-session-store' {
  export default function storeOf(
    session: unknown,
  ): new (options: {
    client: object;
  }) => import('./exchange.ts').CallbackStore;
}

declare module 'connect-pg-simple' {
  interface Options {
    pool: object;
    createTableIfMissing: boolean;
    pruneSessionInterval: false;
    ttl: number;
  }
  export default function storeOf(session: unknown): new (options: Options) => import('./exchange.ts').CallbackStore;
}

declare module 'session-file-store' {
  interface Options {
    path: string;
    ttl: number;
    reapInterval: number;
    logFn: () => void;
  }
  export default function storeOf(session: unknown): new (options: Options) => import('./exchange.ts').CallbackStore;
}
