// The few globals that every runtime has and that the ES2023 library does not declare. This package loads neither DOM nor
// Node types, so other globals do not compile.

declare class TextEncoder {
  encode(text: string): Uint8Array;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}

declare class URL {
  constructor(url: string);
  readonly href: string;
}

declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };

/** ES2024: Node 20, Chrome 111, Firefox 119, Safari 16.4. */
interface String {
  isWellFormed(): boolean;
}
