import { CATALOGUE, isSince, type ReleaseName } from './catalogue.ts';
import { LEGACY_RELEASES } from './legacy.ts';
import type { KeystoneManageStyle } from './release.ts';

/** The command-line client by which a release is told what it keeps in SQL. */
export type ClientKind = KeystoneManageClient | KeystoneClient | OpenstackClient;

/** `keystone-manage` of the legacy releases, which writes to SQL itself. */
export interface KeystoneManageClient {
  readonly kind: 'keystone-manage';
  readonly style: KeystoneManageStyle;
}

/** `keystone` of python-keystoneclient, for API v2.0. */
export interface KeystoneClient {
  readonly kind: 'keystone';
  /** How it calls the options that take an id. */
  readonly idOptions: IdOptions;
  /** The role that stands for "may use the tenant". */
  readonly memberRole: string;
}

type IdOptions = Readonly<Record<'user' | 'role' | 'tenant' | 'service', string>>;

/** `openstack` of python-openstackclient, for API v3. */
export interface OpenstackClient {
  readonly kind: 'openstack';
  readonly memberRole: string;
  /** Whether the release has `keystone-manage bootstrap`. */
  readonly bootstrap: boolean;
}

const ESSEX: KeystoneClient = {
  kind: 'keystone',
  idOptions: { user: '--user', role: '--role', tenant: '--tenant_id', service: '--service_id' },
  memberRole: 'Member',
};

const GRIZZLY: KeystoneClient = {
  kind: 'keystone',
  idOptions: { user: '--user-id', role: '--role-id', tenant: '--tenant-id', service: '--service-id' },
  memberRole: '_member_',
};

const LIBERTY: OpenstackClient = { kind: 'openstack', memberRole: '_member_', bootstrap: false };

/** From which release on; newest first. */
const CLIENTS: readonly (readonly [ReleaseName, ClientKind])[] = [
  // Bootstrap makes the roles member and reader since Rocky.
  ['rocky', { kind: 'openstack', memberRole: 'member', bootstrap: true }],
  ['mitaka', { ...LIBERTY, bootstrap: true }],
  ['liberty', LIBERTY],
  ['2013.1', GRIZZLY],
  ['2012.1', ESSEX],
];

/** The client of a release by its name; what is older than Essex has `keystone-manage`. */
export function clientOf(release: string): ClientKind {
  const name = CATALOGUE.find((one) => one.name === release)?.name;
  const found = name === undefined ? undefined : CLIENTS.find(([since]) => isSince(name, since));
  if (found !== undefined) return found[1];
  const style = LEGACY_RELEASES.find((one) => one.name === release)?.legacy?.manage;
  if (style === undefined) throw new Error(`${release} is not a release`);
  return { kind: 'keystone-manage', style };
}
