// Where a framework does not let its adapter answer as the others do; docs/adapters.md tells of each.
import type { Row } from './requests.ts';

/** What every host does unless it is listed. */
const JSON_TYPE = 'application/json';

/** The type of refusals: Nest's exception filters write them through Express' and Fastify's own JSON functions. */
const TYPES: Readonly<Record<string, string>> = { nest: 'application/json; charset=utf-8' };

export const typeOfRefusals = (adapter: string): string => TYPES[adapter] ?? JSON_TYPE;

/** By adapter and name of the row. */
const ROWS: Readonly<Record<string, Readonly<Record<string, Row['expect']>>>> = {
  hapi: {
    // hapi answers preflights of routes with `cors` itself, whatever else they carry.
    'a preflight': { status: 200 },
    'a preflight with a bad token': { status: 200 },
  },
  next: {
    // Node drops all but the first, and Next hands on no raw headers.
    'two credentials': { subject: 'w2k7dq3hz9ab' },
  },
};

export const expectation = (adapter: string, { name, expect }: Row): Row['expect'] => ROWS[adapter]?.[name] ?? expect;
