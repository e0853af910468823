import type { ConfDocument } from '../keystone-conf/document/document.ts';
import type { OwnSettings } from '../keystone-conf/own-settings.ts';
import { servedByFile } from '../keystone-conf/modern/served-by-file.ts';
import { findInCatalogue } from '../releases/catalogue.ts';
import type { LdapSettings } from '../releases/layout-options.ts';
import type { Holding } from '../releases/modern-layout.ts';
import { modernRelease } from '../releases/modern.ts';
import type { Release } from '../releases/release.ts';
import { emulationOptions } from './observed-emulation.ts';

export interface ReadFile {
  readonly doc: ConfDocument;
  readonly own: OwnSettings;
  /** What LDAP holds, if somebody says so. */
  readonly holding: Holding | undefined;
  /** A domain's file has no say in where projects, roles and grants are. */
  readonly isDomain: boolean;
}

/**
 * A release with the layout that it reads with this file. Its options are those that were asked for and the usual ones
 * that the file leaves open; {@link withOwnOptions} adds those of the file.
 */
export function releaseForFile(named: Release, { doc, own, holding, isDomain }: ReadFile): Release {
  const entry = findInCatalogue(named.version ?? named.name);
  const { conf } = named;
  if (entry === undefined || conf.kind !== 'oslo') return named;
  const isOpen = holding === undefined && !isDomain;
  const serves = isOpen ? servedByFile(doc, entry.name, conf.serves) : conf.serves;
  const isUsual = serves.length === conf.serves.length;
  const asked = without(conf.options, conf.usual);
  const whole = modernRelease(entry, {
    options: { ...own.options, ...asked },
    holding: isUsual ? holding : serves.length > 0 ? 'all' : 'identity',
  });
  const stillUsual = whole.conf.kind === 'oslo' ? whole.conf.usual : [];
  const said = emulationOptions(conf.usual)
    .map(({ option }) => option)
    .filter((option) => !stillUsual.includes(option));
  const usual = conf.usual.filter((name) => !said.includes(name));
  return { ...whole, conf: { ...conf, serves, usual, options: without(conf.options, said) } };
}

/** With the options of the file among its own, for who asks the directory and does not write the file. */
export function withOwnOptions(release: Release, { options }: OwnSettings): Release {
  const { conf } = release;
  if (conf.kind !== 'oslo') return release;
  const usual = conf.usual.filter((name) => !(name in options));
  return {
    ...release,
    conf: { ...conf, usual, options: { ...conf.options, ...options, ...without(conf.options, conf.usual) } },
  };
}

function without(options: LdapSettings, names: readonly string[]): LdapSettings {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));
}
