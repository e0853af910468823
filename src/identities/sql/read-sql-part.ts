import {
  readItems,
  refuseUnknownKeys,
  yamlKey,
  type Item,
  type ItemReading,
  type ItemSpec,
} from '../read/read-items.ts';
import { SQL_LISTS, type SqlList, type SqlPart } from './sql-part.ts';
import type { YamlPair, YamlReader } from '../read/yaml-reader.ts';

const text = { type: 'text' } as const;
const boolean = { type: 'boolean' } as const;
const neededText = { type: 'text', required: true } as const;
const neededSecret = { type: 'secret', required: true } as const;

/** How the rows of each list look. */
export const SQL_SPECS = {
  bootstrap: {
    user: neededText,
    tenant: neededText,
    role: neededText,
    service: text,
    region: text,
    publicUrl: text,
    adminUrl: text,
    internalUrl: text,
  },
  services: { name: neededText, type: text, description: text },
  endpointTemplates: {
    region: neededText,
    service: neededText,
    publicUrl: neededText,
    adminUrl: neededText,
    internalUrl: neededText,
    enabled: boolean,
    global: boolean,
    versionId: text,
    versionList: text,
    versionInfo: text,
  },
  serviceEndpoints: {
    service: neededText,
    region: neededText,
    publicUrl: neededText,
    adminUrl: neededText,
    internalUrl: neededText,
  },
  tokens: {
    token: neededSecret,
    user: neededText,
    tenant: text,
    expires: { type: 'minute', required: true },
  },
  endpoints: { tenant: neededText, template: { type: 'count', required: true } },
  credentials: { user: neededText, type: neededText, key: neededText, secret: neededSecret, tenant: text },
  ec2Credentials: { user: neededText, tenant: neededText },
} as const satisfies Readonly<Record<SqlList, ItemSpec>>;

const WHAT: Readonly<Record<SqlList, string>> = {
  bootstrap: 'a bootstrap',
  services: 'a service',
  endpointTemplates: 'an endpoint template',
  serviceEndpoints: 'an endpoint of a service',
  tokens: 'a token',
  endpoints: 'an endpoint',
  credentials: 'a credential',
  ec2Credentials: 'an EC2 credential',
};

/** The `sql` mapping; its lists are added in the order in which they stand there. */
export function readSqlPart(reader: YamlReader, { at, value }: YamlPair): SqlPart | undefined {
  const node = reader.resolve(value);
  if (reader.isEmpty(node)) return undefined;
  const pairs = reader.pairs(node);
  if (pairs === undefined) reader.report(reader.position(value, at), '"sql" must be a mapping of lists');
  if (pairs === undefined) return undefined;
  refuseUnknownKeys(reader, pairs, SQL_LISTS.map(yamlKey));
  const list = <K extends SqlList>(name: K): readonly Item<(typeof SQL_SPECS)[K]>[] => {
    const pair = pairs.find(({ key }) => key === yamlKey(name));
    const reading: ItemReading<(typeof SQL_SPECS)[K]> = { what: WHAT[name], spec: SQL_SPECS[name] };
    return pair === undefined ? [] : readItems(reader, pair, reading);
  };
  return {
    bootstrap: list('bootstrap'),
    services: list('services'),
    endpointTemplates: list('endpointTemplates').map((item) => ({ enabled: true, global: false, ...item })),
    serviceEndpoints: list('serviceEndpoints'),
    tokens: list('tokens'),
    endpoints: list('endpoints'),
    credentials: list('credentials'),
    ec2Credentials: list('ec2Credentials'),
    order: pairs.flatMap(({ key }) => SQL_LISTS.filter((name) => yamlKey(name) === key)),
  };
}
