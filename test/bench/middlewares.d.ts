// The part of the middlewares that the benchmark uses; the packages have no types of their own.

declare module 'cookie-session' {
  interface Options {
    name: string;
    keys: readonly string[];
  }
  export default function cookieSession(options: Options): import('./exchange.ts').Middleware;
}

declare module 'express-session' {
  interface Options {
    secret: string;
    resave: boolean;
    saveUninitialized: boolean;
    store: MemoryStore;
  }
  export class MemoryStore {}
  export default function expressSession(options: Options): import('./exchange.ts').Middleware;
}
