/**
 * A bundler's plugin: cbor-x's ES modules -> the part of them that the codec runs. The package itself, the tests of its sources and the site use
 * it. What is cut can never run with our options: records, shared structures, packed values, bundled strings, references, indefinite lengths,
 * iterables, and the readers and writers of tags, which the codec has itself. An update of cbor-x that moves one of these places fails the build.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Not by way of a link, nor with what Vite adds to a name: a second copy of a module would have classes and a state of its own.
const FOLDER = realpathSync(fileURLToPath(new URL('node_modules/cbor-x', import.meta.url)));

/** What stands from one text up to another, and what takes its place. */
type Cut = readonly [from: string, until: string, instead: string];

interface Narrowing {
  /** `if (…)` with a condition that begins like this is never true. */
  readonly never: readonly string[];
  readonly cuts: readonly Cut[];
}

const NARROWINGS: Readonly<Record<string, Narrowing>> = {
  encode: {
    never: [
      ...[
        'encoder.useSelfDescribedHeader',
        'encoder.bundleStrings',
        'sharedStructures) {',
        'hasSharedUpdate',
        'options.pack',
      ],
      ...[
        'throwOnIterable)',
        'bundledStrings &&',
        'referenceMap',
        'packedObjectMap',
        'encoder.keyMap',
        'this.skipFunction',
      ],
      ...[
        'this.largeBigIntToFloat',
        'this.useToJSON',
        '(useFloat32 =',
        'value[Symbol.',
        'sharedValues',
        'this.saveStructures',
      ],
      ...['maxSharedStructures', 'isSequential', 'constructor === DataView'],
    ],
    cuts: [
      ['encoder.structuredClone ? new Map() : null', '\n', 'null'],
      // In Next's edge sandbox the global `Array` is a Proxy, and not the constructor of an array literal.
      ['constructor === Array', ') {', 'Array.isArray(value)'],
      ['constructor === Map', ') {', 'constructor === Map || value instanceof Map'],
      ['this.useRecords === false ? this.variableMapSize ?', ' (object)', 'true ? true ?'],
      ['		this.mapEncode = ', '		this.encode = ', ''],
      ['		this.findCommonStringsToPack = ', '		const encode = ', ''],
      ['		let chunkThreshold = ', '	useBuffer(buffer)', '	}\n'],
      ['	clearSharedData()', 'function writeEntityLength', '}\n'],
      [
        'extensionClasses = [ Date',
        'function writeBuffer',
        `extensionClasses = [ Tag, Uint8Array ]
        extensions = [
          { getTag: ({ tag }) => tag, encode({ value }, encode) { encode(value) } },
          { encode(bytes, encode, makeRoom) { writeBuffer(bytes, makeRoom) } },
        ]\n`,
      ],
      ['let defaultEncoder = ', 'export const REUSE_BUFFER_MODE', ''],
    ],
  },
  decode: {
    never: [
      ...[
        'token >= BUNDLED_STRINGS_ID',
        'currentDecoder.keyMap',
        'bundledStrings',
        'referenceMap',
        'restoreMapsAsObject',
      ],
      ...[
        'srcStringEnd >= position',
        'options.',
        '(options.keyMap',
        'currentDecoder.useFloat32',
        'nestedDecodeErrors.has',
        'src) {',
      ],
    ],
    cuts: [
      ["	new Function('')\n", '}', '	throw new Error()\n'],
      ['	/*\n	decodeKey(key)', '	decode(source, end) {', ''],
      ['	decodeMultiple(source, forEach)', 'export function getPosition', '}\n'],
      ['case 0x1f: \n', "			default:\n				throw new Error('Unknown token", ''],
      // Short ASCII strings are quickest read one by one, whatever the length of the payload.
      ['srcEnd < 140 && token < 32', ')', 'token < 16'],
      [
        'currentExtensions[0] = ',
        'function readBundleExt',
        'function getPackedValues() { return [] }\nexport const typedArrays = []\n',
      ],
      ['const registeredExtensions = ', 'export function addExtension', 'let fragmentEnd, fragmentReadString\n'],
      ["	if (typeof extension.decode === 'function')", 'export function setSizeLimits', '}\n'],
      ['export const mult10 = ', 'export function roundFloat32', 'export const mult10 = [], FLOAT32_OPTIONS = {}\n'],
    ],
  },
};

export const narrowEngine = {
  name: 'narrow-engine',
  enforce: 'pre' as const,
  resolveId(id: string, importer?: string) {
    const pattern = importer?.includes('/cbor-x/') ? /^\.\/(encode|decode)\.js$/ : /^cbor-x\/(encode|decode)$/;
    const [, name] = pattern.exec(id) ?? [];
    return name === undefined ? undefined : { id: `${FOLDER}/${name}.js`, moduleSideEffects: false };
  },
  transform(code: string, id: string) {
    const [, name = ''] = /\/cbor-x\/(encode|decode)\.js/.exec(id) ?? [];
    const narrowing = NARROWINGS[name];
    return narrowing && { code: narrow(code, narrowing), moduleSideEffects: false, map: null };
  },
};

function narrow(code: string, { never, cuts }: Narrowing): string {
  let narrowed = code;
  for (const [from, until, instead] of cuts) {
    const start = narrowed.indexOf(from);
    const end = narrowed.indexOf(until, start + from.length);
    if (start < 0 || end < 0)
      throw new Error(`cbor-x has changed: no ${JSON.stringify(from)} up to ${JSON.stringify(until)}`);
    narrowed = narrowed.slice(0, start) + instead + narrowed.slice(end);
  }
  for (const condition of never) {
    if (!code.includes(`if (${condition}`)) throw new Error(`cbor-x has changed: no "if (${condition}"`);
    narrowed = narrowed.replaceAll(`if (${condition}`, `if (false && ${condition}`);
  }
  return narrowed;
}
