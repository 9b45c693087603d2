/** Storage of the provider's own state (sessions, grants, codes, refresh and opaque tokens), in memory. */

import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

/** Looks up a client's registration by id; called on every request, so that applications may change at run time. */
export type ClientLookup = (id: string) => AdapterPayload | undefined;

interface Entry {
  payload: AdapterPayload;
  /** Milliseconds since the epoch; `Infinity` when the entry does not expire. */
  expiresAt: number;
}

/** One store outlives the provider objects that a key rotation replaces, so sign-ins survive a rotation. */
export class MemoryStorage {
  readonly #entries = new Map<string, Entry>();
  readonly #findClient: ClientLookup;

  constructor(findClient: ClientLookup) {
    this.#findClient = findClient;
  }

  /** The adapter factory to hand to `oidc-provider`. */
  readonly adapter: AdapterFactory = (model) => (model === 'Client' ? this.#clients() : this.#model(model));

  #model(model: string): Adapter {
    const entries = this.#entries;
    const keyOf = (id: string) => `${model}:${id}`;
    const find = (id: string) => {
      const entry = entries.get(keyOf(id));
      if (entry === undefined || entry.expiresAt > Date.now()) {
        return entry;
      }
      entries.delete(keyOf(id));
      return undefined;
    };
    const findBy = (member: 'uid' | 'userCode', value: string) => {
      for (const [key, { payload, expiresAt }] of entries) {
        if (key.startsWith(`${model}:`) && payload[member] === value && expiresAt > Date.now()) {
          return payload;
        }
      }
      return undefined;
    };
    return {
      async upsert(id, payload, expiresIn) {
        const expiresAt = expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000;
        entries.set(keyOf(id), { payload, expiresAt });
      },
      find: async (id) => find(id)?.payload,
      findByUid: async (uid) => findBy('uid', uid),
      findByUserCode: async (userCode) => findBy('userCode', userCode),
      async consume(id) {
        const entry = find(id);
        if (entry !== undefined) {
          entry.payload.consumed = Math.floor(Date.now() / 1000);
        }
      },
      async destroy(id) {
        entries.delete(keyOf(id));
      },
      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of entries) {
          if (key.startsWith(`${model}:`) && payload.grantId === grantId) {
            entries.delete(key);
          }
        }
      },
    };
  }

  #clients(): Adapter {
    const readOnly = async () => {
      throw new Error('applications are part of the tenant and are not registered over HTTP');
    };
    return {
      find: async (id) => this.#findClient(id),
      findByUid: async () => undefined,
      findByUserCode: async () => undefined,
      upsert: readOnly,
      consume: readOnly,
      destroy: readOnly,
      revokeByGrantId: readOnly,
    };
  }
}
