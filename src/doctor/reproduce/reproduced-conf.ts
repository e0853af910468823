import { isDn } from '../../directory/dn.ts';
import type { ConfDocument } from '../../keystone-conf/document/document.ts';
import { blocksOf, DEFAULT_SECTION, optionValue } from '../../keystone-conf/document/option-value.ts';
import { writtenDriver } from '../../keystone-conf/modern/driver-edits.ts';
import { DRIVER_SECTIONS, driverKind, type DriverSection } from '../../releases/driver-options.ts';
import { findOptionHistory } from '../../releases/ldap-options.ts';
import { escapedPart, itemParts, replaceItems, type FilterItem } from './filter-text.ts';
import { REPORT_SUFFIX, type Pseudonyms } from './pseudonyms.ts';

export interface ReproducedConf {
  readonly doc: ConfDocument;
  readonly names: Pseudonyms;
  /** Whether it is the file of a domain, whose driver may be that of the main file. */
  readonly isOfDomain: boolean;
}

/** The account that the report's sandbox has. */
export const REPORT_ACCOUNT = `cn=account,${REPORT_SUFFIX}`;

/** What depends on the machine and cannot be taken along. */
const LEFT_OUT = /^(?:url|user|password|tls_.*|use_tls)$/;

/** What Keystone calls the fields of its users and groups. */
const FIELDS =
  /^(?:id|name|enabled|email|mail|password|description|default_project_id|tenant_id|tenants|domain_id|extra|options)$/;

/** `[identity] driver` and `[ldap]` with the same meaning and no name, address or password of the original. */
export function reproducedConf({ doc, names, isOfDomain }: ReproducedConf): string {
  const lines = [...limitLines(doc, DEFAULT_SECTION), '[identity]'];
  const driver = writtenDriver(doc, 'identity') ?? (isOfDomain ? 'ldap' : undefined);
  if (driver !== undefined) lines.push(`driver = ${driverText(driver)}`);
  lines.push(...limitLines(doc, 'identity').slice(1));
  for (const section of DRIVER_SECTIONS.filter((one) => one !== 'identity')) {
    const other = writtenDriver(doc, section);
    if (other !== undefined) lines.push(`[${section}]`, `driver = ${driverText(other, section)}`);
  }
  lines.push('[ldap]', 'url = @URI@', `user = ${REPORT_ACCOUNT}`, 'password = @PASSWORD@');
  const options = new Set(blocksOf(doc, 'ldap').flatMap((block) => block.options.map(({ name }) => name)));
  for (const option of options) {
    if (LEFT_OUT.test(option)) continue;
    const isKnown = findOptionHistory('ldap', option) !== undefined;
    const value = optionValue(doc, 'ldap', option) ?? '';
    lines.push(isKnown ? `${option} = ${valueText(option, value, names)}` : `${names.text(option)} = x`);
  }
  return `${lines.join('\n')}\n`;
}

/** Whether the report has this option of the original. */
export function takesAlong(section: string, option: string): boolean {
  if (option === 'list_limit') return section === DEFAULT_SECTION || section === 'identity';
  return section === 'ldap' ? !LEFT_OUT.test(option) : option === 'driver';
}

/** All filters that the file has. */
export function filtersOf(doc: ConfDocument): readonly string[] {
  if (doc.problems.length > 0) return [];
  return blocksOf(doc, 'ldap').flatMap(({ options }) =>
    options.flatMap(({ name }) => (name.endsWith('_filter') ? (optionValue(doc, 'ldap', name) ?? []) : [])),
  );
}

/** All classes and attributes that the file names. */
export function schemaNamesOf(doc: ConfDocument): readonly string[] {
  if (doc.problems.length > 0) return [];
  return blocksOf(doc, 'ldap').flatMap(({ options }) =>
    options.flatMap(({ name }) =>
      isOfSchema(name) ? (optionValue(doc, 'ldap', name) ?? '').split(/[,:]/).map((one) => one.trim()) : [],
    ),
  );
}

/** The entries that the file names, such as the group of those who are enabled. */
export function dnsOf(doc: ConfDocument): readonly string[] {
  if (doc.problems.length > 0) return [];
  return blocksOf(doc, 'ldap').flatMap(({ options }) =>
    options.flatMap(({ name }) => {
      const value = name.endsWith('_dn') ? optionValue(doc, 'ldap', name) : undefined;
      return value !== undefined && isDn(value) ? [value] : [];
    }),
  );
}

function limitLines(doc: ConfDocument, section: string): readonly string[] {
  const value = optionValue(doc, section, 'list_limit');
  if (value === undefined) return [];
  return [`[${section}]`, `list_limit = ${isPlain(value) ? value : 'not-a-value'}`];
}

function driverText(driver: string, section: DriverSection = 'identity'): string {
  if (/^ldap\W/i.test(driver)) return `${driver.slice(0, 4)} # comment`;
  return driverKind(section, driver) === 'other' && !/^ldap$/i.test(driver) ? 'other.Driver' : driver;
}

function isPlain(value: string): boolean {
  return /^(?:true|false|yes|no|on|off|-?[\d.]+|one|sub|default|never|always|searching|finding|)$/i.test(
    value,
  );
}

function isOfSchema(option: string): boolean {
  return (
    /_(?:objectclass|attribute)$/.test(option) ||
    /_(?:attribute_ignore|additional_attribute_mapping)$/.test(option)
  );
}

function valueText(option: string, value: string, names: Pseudonyms): string {
  if (isOfSchema(option)) return value.replace(/[^,:\n]+/g, (one) => fieldOrSchema(one, names));
  if (isPlain(value)) return value;
  const type = findOptionHistory('ldap', option)?.type;
  if (type === 'dn' || isDn(value)) return isDn(value) ? names.dn(value) : brokenDn(value, names);
  if (option.endsWith('_filter')) return filterText(value, names);
  return type === 'integer' || type === 'float' || type === 'boolean' ? 'not-a-value' : names.text(value);
}

function fieldOrSchema(name: string, names: Pseudonyms): string {
  return FIELDS.test(name.trim()) ? name : names.schemaName(name);
}

/** What is no DN stays none, and the same one in quotation marks stays quoted. */
function brokenDn(value: string, names: Pseudonyms): string {
  const [, before = '', inner = '', after = ''] = /^([“„«‘’]?)(.*?)([”“»’‘]?)$/su.exec(value) ?? [];
  return isDn(inner) ? `${before}${names.dn(inner)}${after}` : `no DN ${names.text(value)}`;
}

/** Operators, brackets and stars stay, names and values do not. */
function filterText(filter: string, names: Pseudonyms): string {
  return replaceItems(filter, {
    word: (word) => names.text(word),
    item: (item) => `${names.schemaName(item.attribute)}${item.sign}${itemText(item, names)}`,
  });
}

function itemText({ attribute, value }: FilterItem, names: Pseudonyms): string {
  const isMalformed = /\\(?![\da-f]{2}|[()*\\])/i.test(value);
  const isClass = attribute.toLowerCase() === 'objectclass';
  return itemParts(value)
    .map((part) => {
      if (part.trim() === '') return part;
      return escapedPart(isClass ? names.schemaName(part) : names.value(attribute, part), isMalformed);
    })
    .join('*');
}
