// The part of cbor-x that we use. Its own types are wider than we allow, narrower than what it does, and need Node's.

declare module 'cbor-x/index-no-eval' {
  export class Tag {
    constructor(value: unknown, tag: number);
    readonly value: unknown;
    readonly tag: number;
  }

  export class Encoder {
    constructor(options: Readonly<Record<string, boolean>>);
    encode(value: unknown, mode: number): Uint8Array & { readonly start: number; readonly end: number };
    decode(bytes: Uint8Array): unknown;
  }

  export function addExtension(reader: { tag: number; decode(value: unknown): unknown }): void;
  export function addExtension(writer: {
    Class: new () => object;
    encode(this: { alwaysUseFloat?: boolean }, value: unknown, write: (value: number) => void): void;
  }): void;
}
