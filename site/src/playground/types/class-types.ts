/** Lines such as `Person: firstName, lastName` -> a registry for the codec, with a stand-in class for each name; and the way back. */
import { regExpType, type TypeRegistry, typeRegistry } from '@sealring/codec';

export interface ClassTypes {
  /** May be given to any number of sealers. `RegExp` is in it, as the notation has a form for it. */
  readonly registry: TypeRegistry;
  /** Names of fields by the class's name, in the order of the lines. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** What is wrong with lines; those are left out. */
  readonly problems: readonly string[];
  /** The name under which the instance's class is registered; undefined where it is none of these. */
  nameOf(instance: object): string | undefined;
  /** An instance with its fields, undefined where `fields` has none; undefined itself where no such class is registered. */
  create(name: string, fields: ReadonlyMap<string, unknown>): object | undefined;
}

/** The name that a line is about, which may have colons in it; empty where it is none. */
export const classNameOf = (line: string): string => line.slice(0, Math.max(0, line.lastIndexOf(':'))).trim();

export function readClassTypes(text: string): ClassTypes {
  const registry = typeRegistry().register('RegExp', RegExp, regExpType);
  const fields = new Map<string, readonly string[]>();
  const prototypes = new Map<string, object>();
  const problems: string[] = [];
  text.split('\n').forEach((line, at) => {
    if (line.trim() === '') return;
    const name = classNameOf(line);
    if (name === '') {
      problems.push(`Line ${at + 1}: expected a name, a colon and fields, such as Person: firstName, lastName`);
      return;
    }
    const names = line
      .slice(line.lastIndexOf(':') + 1)
      .split(',')
      .flatMap((field) => field.trim() || []);
    class StandIn {
      [field: string]: unknown;
    }
    try {
      registry.register(name, StandIn, { fields: names });
      prototypes.set(name, StandIn.prototype);
      fields.set(name, names);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problems.push(`Line ${at + 1}: ${error.message}`);
    }
  });
  return {
    registry,
    fields,
    problems,
    nameOf(instance) {
      const prototype: unknown = Object.getPrototypeOf(instance);
      return [...prototypes].find(([, each]) => each === prototype)?.[0];
    },
    create(name, values) {
      const prototype = prototypes.get(name);
      if (prototype === undefined) return undefined;
      const instance: object = Object.create(prototype);
      for (const field of fields.get(name) ?? []) define(instance, field, values.get(field));
      return instance;
    },
  };
}

function define(instance: object, name: string, value: unknown): void {
  Object.defineProperty(instance, name, { value, enumerable: true, writable: true, configurable: true });
}
