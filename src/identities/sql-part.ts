import type { Secret } from '../secret.ts';
import type { Sourced } from './source.ts';

export interface Service extends Sourced {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
}

/** An endpoint template; `%tenant_id%` in a URL stands for the tenant. */
export interface EndpointTemplate extends Sourced {
  readonly region: string;
  readonly service: string;
  readonly publicUrl: string;
  readonly adminUrl: string;
  readonly internalUrl: string;
  readonly enabled: boolean;
  /** Offered to every tenant without an endpoint of its own. */
  readonly global: boolean;
  /** These three from Essex on. */
  readonly versionId?: string;
  readonly versionList?: string;
  readonly versionInfo?: string;
}

export interface Token extends Sourced {
  readonly token: Secret;
  readonly user: string;
  readonly tenant?: string;
  /** UTC, to the minute: `2015-02-05T00:00`. */
  readonly expires: string;
}

/** Gives a tenant the endpoint template with this row id; an empty database numbers them from 1. */
export interface Endpoint extends Sourced {
  readonly tenant: string;
  readonly template: number;
}

export interface Credential extends Sourced {
  readonly user: string;
  readonly type: string;
  readonly key: string;
  readonly secret: Secret;
  readonly tenant?: string;
}

/** The lists of a {@link SqlPart} in the order in which their rows depend on each other. */
export const SQL_LISTS = ['services', 'endpointTemplates', 'tokens', 'endpoints', 'credentials'] as const;

export type SqlList = (typeof SQL_LISTS)[number];

/** Rows that `keystone-manage` adds to SQL; users and tenants are named as in the identities. */
export interface SqlPart {
  readonly services: readonly Service[];
  readonly endpointTemplates: readonly EndpointTemplate[];
  readonly tokens: readonly Token[];
  readonly endpoints: readonly Endpoint[];
  readonly credentials: readonly Credential[];
  /** The order in which the lists are added. */
  readonly order: readonly SqlList[];
}
