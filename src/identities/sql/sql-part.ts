import type { Secret } from '../../secret.ts';
import type { Sourced } from '../read/source.ts';

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

/** What a service offers in a region, from Essex (2012.1) on; `$(tenant_id)s` in a URL stands for the tenant. */
export interface ServiceEndpoint extends Sourced {
  readonly service: string;
  readonly region: string;
  readonly publicUrl: string;
  readonly adminUrl: string;
  readonly internalUrl: string;
}

/** A pair of key and secret for EC2, which Keystone draws, from Essex on. */
export interface Ec2Credential extends Sourced {
  readonly user: string;
  readonly tenant: string;
}

/**
 * One run of `keystone-manage bootstrap` (Mitaka and later): makes the tenant and the role, grants it to the user, and
 * puts Keystone itself into the catalogue where a URL is given.
 */
export interface Bootstrap extends Sourced {
  readonly user: string;
  readonly tenant: string;
  readonly role: string;
  readonly service?: string;
  readonly region?: string;
  readonly publicUrl?: string;
  readonly adminUrl?: string;
  readonly internalUrl?: string;
}

/** The lists of a {@link SqlPart} in the order in which their rows depend on each other. */
export const SQL_LISTS = [
  'bootstrap',
  'services',
  'endpointTemplates',
  'serviceEndpoints',
  'tokens',
  'endpoints',
  'credentials',
  'ec2Credentials',
] as const;

export type SqlList = (typeof SQL_LISTS)[number];

/** Rows that Keystone's own client adds to SQL; users and tenants are named as in the identities. */
export interface SqlPart {
  readonly bootstrap: readonly Bootstrap[];
  readonly services: readonly Service[];
  readonly endpointTemplates: readonly EndpointTemplate[];
  readonly serviceEndpoints: readonly ServiceEndpoint[];
  readonly tokens: readonly Token[];
  readonly endpoints: readonly Endpoint[];
  readonly credentials: readonly Credential[];
  readonly ec2Credentials: readonly Ec2Credential[];
  /** The order in which the lists are added. */
  readonly order: readonly SqlList[];
}

export const EMPTY_SQL_PART: SqlPart = {
  bootstrap: [],
  services: [],
  endpointTemplates: [],
  serviceEndpoints: [],
  tokens: [],
  endpoints: [],
  credentials: [],
  ec2Credentials: [],
  order: [],
};
