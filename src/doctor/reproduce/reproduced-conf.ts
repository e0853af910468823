import { isDn } from '../../directory/dn.ts';
import type { ConfDocument } from '../../keystone-conf/document.ts';
import { blocksOf, optionValue } from '../../keystone-conf/option-value.ts';
import { writtenDriver } from '../../keystone-conf/driver-edits.ts';
import { driverKind } from '../../releases/driver-options.ts';
import { findOptionHistory } from '../../releases/ldap-options.ts';
import type { Pseudonyms } from './pseudonyms.ts';

export interface ReproducedConf {
  readonly doc: ConfDocument;
  readonly names: Pseudonyms;
  /** Classes and attributes that the server knows, in lower case: they name nobody. */
  readonly schemaNames: ReadonlySet<string>;
}

/** The account that the report's sandbox has. */
export const REPORT_ACCOUNT = 'cn=account,dc=example,dc=com';

/** What depends on the machine and cannot be taken along. */
const LEFT_OUT = /^(?:tls_|use_tls$)/;

/** `[identity] driver` and `[ldap]` with the same meaning and no name, address or password of the original. */
export function reproducedConf({ doc, ...context }: ReproducedConf): string {
  const lines = ['[identity]'];
  const driver = writtenDriver(doc, 'identity');
  if (driver !== undefined) lines.push(`driver = ${driverText(driver)}`);
  lines.push('[ldap]', 'url = @URI@', `user = ${REPORT_ACCOUNT}`, 'password = @PASSWORD@');
  const names = new Set(blocksOf(doc, 'ldap').flatMap(({ options }) => options.map(({ name }) => name)));
  for (const name of names) {
    if (['url', 'user', 'password'].includes(name) || LEFT_OUT.test(name)) continue;
    const isKnown = findOptionHistory('ldap', name) !== undefined;
    const value = optionValue(doc, 'ldap', name) ?? '';
    lines.push(isKnown ? `${name} = ${valueText(name, value, context)}` : `${context.names.text(name)} = x`);
  }
  return `${lines.join('\n')}\n`;
}

function driverText(driver: string): string {
  if (/^ldap\W/i.test(driver)) return `${driver.slice(0, 4)} # comment`;
  return driverKind('identity', driver) === 'other' && !/^ldap$/i.test(driver) ? 'other.Driver' : driver;
}

type Context = Omit<ReproducedConf, 'doc'>;

function valueText(option: string, value: string, { names, schemaNames }: Context): string {
  const type = findOptionHistory('ldap', option)?.type;
  if (/^(?:true|false|yes|no|on|off|-?[\d.]+|one|sub|default|never|always|searching|finding|)$/i.test(value))
    return value;
  if (type === 'dn' || isDn(value)) return isDn(value) ? names.dn(value) : brokenDn(value, names);
  if (option.endsWith('_filter')) return filterText(value, { names, schemaNames });
  if (type === 'list')
    return value
      .split(',')
      .map((one) => schemaText(one, { names, schemaNames }))
      .join(',');
  if (/_(?:objectclass|attribute)$/.test(option)) return schemaText(value, { names, schemaNames });
  return type === 'integer' || type === 'float' || type === 'boolean' ? 'not-a-value' : names.text(value);
}

/** What is no DN stays none, and the same one in quotation marks stays quoted. */
function brokenDn(value: string, names: Pseudonyms): string {
  const [, before = '', inner = '', after = ''] = /^([“„«‘’]?)(.*?)([”“»’‘]?)$/su.exec(value) ?? [];
  return isDn(inner) ? `${before}${names.dn(inner)}${after}` : `no DN ${names.text(value)}`;
}

function schemaText(value: string, { names, schemaNames }: Context): string {
  if (value.includes(':'))
    return value
      .split(':')
      .map((one) => schemaText(one, { names, schemaNames }))
      .join(':');
  if (schemaNames.has(value.trim().toLowerCase()) || value.trim() === '') return value;
  return /^[A-Za-z][\w;-]*$/.test(value.trim()) ? `x${names.text(value.trim())}` : `@${names.text(value)}`;
}

/** Operators, brackets, attributes and stars stay, values do not. */
function filterText(filter: string, context: Context): string {
  const assertion = /([A-Za-z][\w.;-]*)(\s*(?::[\w.]*)*:?[<>~]?=)([^()]*)|([^()&|!\s]+)/g;
  return filter.replace(assertion, (...found: string[]) => {
    const [, attribute, sign = '', value = '', word = ''] = found as (string | undefined)[];
    if (attribute === undefined) return context.names.text(word);
    const isClass = attribute.toLowerCase() === 'objectclass';
    const parts = value.split('*').map((part) => {
      if (part.trim() === '') return part;
      return isClass ? schemaText(part, context) : context.names.text(part);
    });
    return `${schemaText(attribute, context)}${sign}${isClass || !isDn(value) ? parts.join('*') : context.names.dn(value)}`;
  });
}
