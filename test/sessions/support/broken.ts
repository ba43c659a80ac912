/** Backends that break the contract in one way each, to see the contract suite find them. */
import type { Backend } from '../../../packages/sessions/src/backend.ts';

export interface Fault {
  /** "a backend that …" */
  name: string;
  /** The check of the contract that finds it. */
  found: string;
  /** @returns the methods that are wrong, over a backend that is right. */
  methods(right: Backend): Partial<Backend>;
}

export const faults: Fault[] = [
  {
    name: 'ignores ifVersion null',
    found: 'creates once with ifVersion null',
    methods: (right) => ({
      set: (id, data, { ifVersion, ...rest }) => right.set(id, data, ifVersion == null ? rest : { ifVersion, ...rest }),
    }),
  },
  {
    name: 'ignores a version in ifVersion',
    found: 'replaces the version of ifVersion and no other',
    methods: (right) => ({ set: (id, data, { ifVersion, ...rest }) => right.set(id, data, rest) }),
  },
  {
    name: 'compares, waits and then writes',
    found: 'lets one of 20 win with ifVersion',
    methods: (right) => ({
      async set(id, data, { ifVersion, ...rest }) {
        const present = await right.get(id);
        if (ifVersion !== undefined && (present?.version ?? null) !== ifVersion) return false;
        return await right.set(id, data, rest);
      },
    }),
  },
  {
    name: 'changes the version by touch',
    found: 'touches expiry, not data or version',
    methods: (right) => ({
      async touch(id, expiresAt) {
        const record = await right.get(id);
        return record !== undefined && Boolean(await right.set(id, record.data, { expiresAt }));
      },
    }),
  },
  {
    name: 'creates by touch',
    found: 'creates nothing by touch',
    methods: (right) => ({
      touch: async (id, expiresAt) => Boolean(await right.set(id, new Uint8Array(), { expiresAt })),
    }),
  },
  {
    name: 'never lets anything expire',
    found: 'gives, touches and deletes nothing that has expired',
    methods: (right) => ({ set: (id, data, options) => right.set(id, data, { ...options, expiresAt: 9_999_999_999 }) }),
  },
  {
    name: 'takes an expired version for the present one',
    found: 'takes what has expired for nothing in ifVersion',
    methods: (right) => ({
      set: (id, data, { ifVersion, ...rest }) =>
        right.set(id, data, ifVersion === null ? { ifVersion, ...rest } : rest),
    }),
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
      set: async (id, data, { ifVersion, ...rest }) =>
        right.set(id, data, (await right.get(id)) && ifVersion !== undefined ? { ifVersion, ...rest } : rest),
    }),
  },
  {
    name: 'counts versions by record',
    found: 'never repeats a version, nor after delete and set',
    methods: countPerRecord,
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
    name: 'prunes nothing',
    found: 'prunes what has expired and nothing else, if it prunes',
    methods: () => ({ prune: () => 0 }),
  },
];

/** The backend with the methods of the fault in place of its own. */
export function broken(right: Backend, { methods }: Fault): Backend {
  return {
    cas: right.cas,
    get: (id) => right.get(id),
    set: (id, data, options) => right.set(id, data, options),
    delete: (id) => right.delete(id),
    touch: (id, expiresAt) => right.touch(id, expiresAt),
    list: (subject) => right.list?.(subject) ?? nothing(),
    prune: () => right.prune?.() ?? 0,
    ...methods(right),
  };
}

async function* nothing(): AsyncGenerator<never> {}

/** Versions 1, 2, 3 of each record, from 1 again when it was deleted. */
function countPerRecord(right: Backend): Partial<Backend> {
  const counts = new Map<string, number>();
  return {
    async set(id, data, options) {
      if ((await right.set(id, data, options)) === false) return false;
      counts.set(id, (counts.get(id) ?? 0) + 1);
      return String(counts.get(id));
    },
    delete(id) {
      counts.delete(id);
      return right.delete(id);
    },
  };
}
