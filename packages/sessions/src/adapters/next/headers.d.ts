/** What `sealring/next` uses of Next.js, which is not installed here. */
declare module 'next/headers' {
  interface Cookies {
    get(name: string): { readonly value: string } | undefined;
    set(name: string, value: string, attributes: object): unknown;
  }
  export function cookies(): Promise<Cookies>;
  export function headers(): Promise<{ get(name: string): string | null }>;
}
