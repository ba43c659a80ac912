/** Lowered item <-> CBOR bytes: our private, narrowed cbor-x. The one file that imports it; lower.ts and gate.ts keep its edges out of reach. */

import { addExtension, Encoder, Tag } from 'cbor-x/index-no-eval';

export { Tag };

class NegativeZero {}

/** Stands for -0, which cbor-x writes as 0. */
export const NEGATIVE_ZERO: object = /* @__PURE__ */ new NegativeZero();

// cbor-x keeps its position where the message began, so that one buffer serves all messages.
const RESET_BUFFER_MODE = 1024;

let engine: Encoder | undefined;
let scratch: ArrayBufferLike | undefined;

/** @returns a view into the engine's buffer, to be handed to `wipe` before anything else is encoded. */
export function encodeItem(lowered: unknown): Uint8Array {
  engine ??= createEngine();
  return engine.encode(lowered, RESET_BUFFER_MODE);
}

/** Clears the plaintext out of the engine's buffer, and out of the one that it has just outgrown. */
export function wipe(view: Uint8Array): void {
  view.fill(0);
  if (scratch !== view.buffer) {
    if (scratch !== undefined) new Uint8Array(scratch).fill(0);
    scratch = view.buffer;
  }
}

/** @param bytes what the gate has let through. @returns Maps where the payload has maps, Tags for 27, 32, 84, 258 and 259. */
export function decodeItem(bytes: Uint8Array): unknown {
  engine ??= createEngine();
  return engine.decode(bytes);
}

/** At first use and not at import, so that importing this package does nothing. */
function createEngine(): Encoder {
  // The list of extensions is the module's, hence ours alone in the published bundle. These replace readers that cannot be switched
  // off: 27 would look a name up among the global classes, 258 and 259 would hide the difference between a Map and an object.
  for (const tag of [27, 258, 259]) addExtension({ tag, decode: (value) => new Tag(value, tag) });
  addExtension({
    Class: NegativeZero,
    encode(_, write) {
      this.alwaysUseFloat = true;
      write(-0);
      this.alwaysUseFloat = false;
    },
  });
  return new Encoder({
    useRecords: false,
    mapsAsObjects: false,
    variableMapSize: true,
    tagUint8Array: false,
    useTag259ForMaps: false,
    copyBuffers: true,
  });
}
