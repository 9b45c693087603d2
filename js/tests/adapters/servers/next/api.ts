import { createApi, TENANT, type Tenant } from '../../api.ts';

export * from '../../api.ts';
export const { resource, organizations, outage, metadata } = createApi(JSON.parse(process.env[TENANT] ?? '') as Tenant);
