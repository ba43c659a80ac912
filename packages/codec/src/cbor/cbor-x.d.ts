// The part of cbor-x that we use. Its own types allow more than we do, lack some functions that we use, and need the types of Node.js.

declare module 'cbor-x/decode' {
  export class Tag {
    constructor(value: unknown, tag: number);
    readonly value: unknown;
    readonly tag: number;
  }

  /** Sets the function that reads strings which `decode` does not read itself. `length` is in bytes. */
  export function setExtractor(read: (start: number, end: number, length: number, bytes: Uint8Array) => string): void;
}

declare module 'cbor-x/encode' {
  export class Encoder {
    constructor(options: Readonly<Record<string, boolean>>);
    useBuffer(target: Uint8Array): void;
    encode(value: unknown, mode: number): { readonly start: number; readonly end: number };
    decode(bytes: Uint8Array, length: number): unknown;
  }

  export function addExtension(writer: {
    Class: new () => object;
    encode(this: { alwaysUseFloat?: boolean }, value: unknown, write: (value: number) => void): void;
  }): void;
}
