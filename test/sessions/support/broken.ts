/** Backends that break the contract in one way each, to see the contract suite find them. */
import type { Backend, ManagedBackend } from '../../../packages/sessions/src/backends/backend.ts';

export interface Fault {
  /** "a backend that …" */
  name: string;
  /** The check of the contract that finds it. */
  found: string;
  /** @returns the methods that are wrong, over a backend that is right. */
  methods(right: Backend): Partial<ManagedBackend>;
}

export const faults: Fault[] = [
  {
    name: 'ignores over null',
    found: 'creates once over null',
    methods: (right) => ({
      set: (id, data, { over, ...rest }) => right.set(id, data, over ? { ...rest, over } : rest),
    }),
  },
  {
    name: 'says false of a write that it has made',
    found: 'creates once over null',
    methods: (right) => ({
      async set(id, data, { over, ...rest }) {
        const isRight = over === undefined || (over === null) === ((await right.get(id)) === undefined);
        return (await right.set(id, data, rest)) && isRight;
      },
    }),
  },
  {
    name: 'ignores a record in over',
    found: 'replaces the record that over names, and no other',
    methods: (right) => ({ set: (id, data, { over, ...rest }) => right.set(id, data, rest) }),
  },
  {
    name: 'compares, waits and then writes',
    found: 'lets one of 20 win',
    methods: (right) => ({
      async set(id, data, { over, ...rest }) {
        const present = await right.get(id);
        if (over !== undefined && present?.version !== over?.version) return false;
        return await right.set(id, data, rest);
      },
    }),
  },
  {
    name: 'chooses versions of its own',
    found: 'keeps data, version and expiry as given',
    methods: (right) => ({ set: (id, data, options) => right.set(id, data, { ...options, version: 'own' }) }),
  },
  {
    name: 'cuts long versions',
    found: 'keeps data, version and expiry as given',
    methods: (right) => ({
      set: (id, data, options) => right.set(id, data, { ...options, version: options.version.slice(0, 63) }),
    }),
  },
  {
    name: 'never lets anything expire',
    found: 'gives and deletes nothing that has expired',
    methods: (right) => ({ set: (id, data, options) => right.set(id, data, { ...options, expiresAt: 9_999_999_999 }) }),
  },
  {
    name: 'takes an expired record for the present one',
    found: 'counts what has expired as absent in over',
    methods: (right) => ({
      set: (id, data, { over, ...rest }) => right.set(id, data, over === null ? { over, ...rest } : rest),
    }),
  },
  {
    name: 'keeps the expiry of the first write',
    found: 'keeps what is renewed in time',
    methods: keepExpiry,
  },
  {
    name: 'deletes nothing',
    found: 'deletes',
    methods: (right) => ({ delete: async (id) => (await right.get(id)) !== undefined }),
  },
  {
    name: 'lets a late writer undo a delete',
    found: 'brings nothing back that was deleted',
    methods: (right) => ({
      set: async (id, data, { over, ...rest }) =>
        right.set(id, data, (await right.get(id)) && over !== undefined ? { over, ...rest } : rest),
    }),
  },
  {
    name: 'keeps the array it was given',
    found: 'copies data in and out',
    methods(right) {
      const kept = new Map<string, Uint8Array>();
      return {
        set: (id, data, options) => right.set(id, kept.set(id, data).get(id) ?? data, options),
        async get(id) {
          const record = await right.get(id);
          return record && { ...record, data: kept.get(id) ?? record.data };
        },
      };
    },
  },
  {
    name: 'takes ids in lower case',
    found: 'tells all ids apart',
    methods: (right) => ({
      get: (id) => right.get(id.toLowerCase()),
      set: (id, data, options) => right.set(id.toLowerCase(), data, options),
    }),
  },
  {
    name: 'lists nothing',
    found: 'lists the unexpired records of a subject, if it lists',
    methods: () => ({ async *list() {} }),
  },
  {
    name: 'lists a record under the subject of a write that it rejected',
    found: 'lists a record under its last subject, if it lists',
    methods(right) {
      const rejected = new Map<string | undefined, string>();
      return {
        async set(id, data, options) {
          const isWritten = await right.set(id, data, options);
          if (!isWritten) rejected.set(options.subject, id);
          return isWritten;
        },
        async *list(subject) {
          yield* right.list?.(subject) ?? nothing();
          const id = rejected.get(subject);
          if (id !== undefined) yield { id, expiresAt: 0 };
        },
      };
    },
  },
  {
    name: 'prunes nothing',
    found: 'prunes what has expired and nothing else, if it prunes',
    methods: () => ({ prune: () => 0 }),
  },
];

/** The backend with the methods of the fault in place of its own. */
export function broken(right: ManagedBackend, { methods }: Fault): Backend & Pick<ManagedBackend, 'prune'> {
  const { cas } = right;
  return {
    cas,
    get: (id) => right.get(id),
    set: (id, data, options) => right.set(id, data, options),
    delete: (id) => right.delete(id),
    list: (subject) => right.list?.(subject) ?? nothing(),
    prune: () => right.prune(),
    ...methods(right),
  };
}

async function* nothing(): AsyncGenerator<never> {}

function keepExpiry(right: Backend): Partial<Backend> {
  return {
    async set(id, data, options) {
      const expiresAt = (await right.get(id))?.expiresAt ?? options.expiresAt;
      return await right.set(id, data, { ...options, expiresAt });
    },
  };
}
