import type { ConfDocument } from '../../keystone-conf/document/document.ts';
import {
  BACKEND_ENTITIES,
  inheritedValue,
  LDAP_BACKEND,
  readEntities,
  SQL_BACKEND,
  TREES,
  treeOption,
} from '../../keystone-conf/legacy/legacy-options.ts';
import { readLegacyValue, writeLegacyValue } from '../../keystone-conf/legacy/legacy-value.ts';
import { DEFAULT_SECTION, optionValue } from '../../keystone-conf/document/option-value.ts';
import type { LegacyConfStyle } from '../../releases/release.ts';
import { isDn } from '../../directory/dn.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { REPORT_ACCOUNT } from './reproduced-conf.ts';

export interface ReproducedLegacyConf {
  readonly doc: ConfDocument;
  readonly names: Pseudonyms;
  readonly style: LegacyConfStyle;
}

const KNOWN_BACKEND = /^keystone\.backends\.(?:sqlalchemy|ldap|memcache)$/;
const KNOWN_ENTITY =
  /^(?:UserRoleAssociation|Endpoints|Role|Tenant|User|Credentials|EndpointTemplates|Token|Service)$/;

/** What a Keystone of 2011 reads about LDAP, without names, addresses and passwords. */
export function reproducedLegacyConf({ doc, names, style }: ReproducedLegacyConf): string {
  const lines = [`[${DEFAULT_SECTION}]`];
  const backends = optionValue(doc, DEFAULT_SECTION, 'backends');
  if (backends !== undefined) lines.push(`backends = ${backends.split(',').map(backendText).join(',')}`);
  lines.push(...hashLines(doc, style));
  const entities = entitiesText(doc);
  if (entities !== undefined) lines.push(`[${SQL_BACKEND}]`, `${BACKEND_ENTITIES} = ${entities}`);
  lines.push(`[${LDAP_BACKEND}]`);
  const replaced = { ldap_url: '@URI@', ldap_user: REPORT_ACCOUNT, ldap_password: '@PASSWORD@' };
  for (const [option, value] of Object.entries(replaced))
    if (inheritedValue(doc, LDAP_BACKEND, option) !== undefined) lines.push(`${option} = ${value}`);
  for (const option of TREES.map(treeOption)) {
    const written = inheritedValue(doc, LDAP_BACKEND, option);
    if (written !== undefined) lines.push(`${option} = ${treeText(written, names, style)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A blank beside a comma counts for the release. */
function backendText(name: string): string {
  return name.replace(/\S+/g, (one) => (KNOWN_BACKEND.test(one) ? one : 'keystone.backends.other'));
}

function hashLines(doc: ConfDocument, { hashOption }: LegacyConfStyle): readonly string[] {
  const value = hashOption === undefined ? undefined : optionValue(doc, DEFAULT_SECTION, hashOption);
  if (value === undefined) return [];
  return [`${hashOption} = ${/^(?:True|False|None|\d+)$/i.test(value) ? value : 'not-a-value'}`];
}

function entitiesText(doc: ConfDocument): string | undefined {
  const entities = readEntities(doc, SQL_BACKEND);
  if (entities === undefined) return undefined;
  const items = entities.items?.map(({ value }) => `'${KNOWN_ENTITY.test(value) ? value : 'Other'}'`);
  return items === undefined ? 'not-a-list' : `[${items.join(', ')}]`;
}

/** What the release could not read stays unreadable, in the same way. */
function treeText(written: string, names: Pseudonyms, { interpolation }: LegacyConfStyle): string {
  const read = readLegacyValue(written, interpolation);
  if ('fault' in read) return written.includes('%(') ? '%(other)s' : '%';
  const renamed = isDn(read.value) ? names.dn(read.value) : `no DN ${names.text(read.value)}`;
  const text = writeLegacyValue(renamed, interpolation);
  return 'value' in text ? text.value : renamed;
}
