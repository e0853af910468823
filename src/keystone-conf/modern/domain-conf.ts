import { isSince, type ReleaseName } from '../../releases/catalogue.ts';
import { optionStatus } from '../../releases/ldap-options.ts';
import type { ConfEdit } from '../document/conf-edit.ts';
import type { ConfDocument } from '../document/document.ts';
import { effectiveNamed } from './effective-option.ts';
import type { KeptSetting } from '../kept-setting.ts';
import { modernConfEdits } from './modern-conf.ts';
import { settingsRefused, type ModernConfNote, type ModernConfSettings } from './modern-settings.ts';
import { optionStatusText } from './option-status-text.ts';
import { osloEdit } from './oslo-edit.ts';

/** A domain whose users and groups are in LDAP while the rest of Keystone is elsewhere. */
export interface DomainConfSettings extends ModernConfSettings {
  /** The name, in its own case: Keystone looks it up as it stands in the file's name. */
  readonly domain: string;
  /** The directory of the domains' files; absent, that of the main file. */
  readonly configDir?: string | undefined;
}

export interface DomainConfPlan {
  /** Of keystone.conf. */
  readonly main: readonly ConfEdit[];
  /** Of the domain's file, which is complete in itself: it inherits nothing from keystone.conf. */
  readonly domain: readonly ConfEdit[];
  /** Of the domain's file. */
  readonly kept: readonly KeptSetting[];
  readonly notes: readonly ModernConfNote[];
}

/** `keystone.NAME.conf`. @throws `INPUT_INVALID` for a name that this release cannot find by it */
export function domainFileName(domain: string, release: ReleaseName): string {
  const fault = domainFault(domain, release);
  if (fault !== undefined)
    throw settingsRefused([{ message: `The domain "${domain}" cannot have a file of its own: ${fault}.` }]);
  return `keystone.${domain}.conf`;
}

/** The directory in which the release looks for the domains' files. @throws `CONF_INVALID` */
export function domainConfigDir(main: ConfDocument, release: ReleaseName): string {
  return String(effectiveNamed(main, release, 'domain_config_dir', 'identity').value ?? '');
}

/**
 * The edits of keystone.conf and of the domain's file.
 * @throws `INPUT_INVALID` as `modernConfEdits`, and for a release or a domain's name that cannot have such a file
 */
export function domainConfEdits(
  main: ConfDocument,
  file: ConfDocument,
  settings: DomainConfSettings,
  release: ReleaseName,
): DomainConfPlan {
  domainFileName(settings.domain, release);
  if (settings.serves.length > 0)
    throw settingsRefused([{ message: "A domain's own driver serves users and groups only." }]);
  const { edits, kept, notes } = modernConfEdits(file, settings, release);
  // A domain's file has no say in where projects, roles and grants are.
  const domain = edits.filter(({ section }) => section === 'identity' || section === 'ldap');
  return {
    main: mainEdits(main, settings, release),
    domain,
    kept,
    notes: [...notes, ...databaseNotes(main, domain, release)],
  };
}

function mainEdits(
  main: ConfDocument,
  { configDir }: DomainConfSettings,
  release: ReleaseName,
): readonly ConfEdit[] {
  const enabled = effectiveNamed(main, release, 'domain_specific_drivers_enabled', 'identity').value;
  const dir = domainConfigDir(main, release);
  return [
    enabled === true
      ? undefined
      : osloEdit(main, 'identity', 'domain_specific_drivers_enabled', { value: 'true' }),
    configDir === undefined || configDir === dir
      ? undefined
      : osloEdit(main, 'identity', 'domain_config_dir', { value: configDir }),
  ].filter((edit) => edit !== undefined);
}

const LONGEST_FILE_NAME = 255;

function domainFault(domain: string, release: ReleaseName): string | undefined {
  const status = optionStatus(release, 'domain_config_dir', 'identity');
  if (status.status !== 'known') return `[identity] domain_config_dir ${optionStatusText(status, release)}`;
  if (domain === '') return 'it has no name';
  if (/[/\0\r\n]/.test(domain)) return 'a file name cannot hold "/", NUL or a line break';
  if (Buffer.byteLength(`keystone.${domain}.conf`) > LONGEST_FILE_NAME)
    return 'the file name would be too long';
  return domain.includes('.') && !isSince(release, '2014.2')
    ? `${release} does not find a domain with a dot in its name`
    : undefined;
}

/** Options of a domain's file that Keystone does not take into its database. */
const NOT_IN_DATABASE = ['randomize_urls', 'connection_timeout', 'group_ad_nesting'];

function databaseNotes(
  main: ConfDocument,
  edits: readonly ConfEdit[],
  release: ReleaseName,
): readonly ModernConfNote[] {
  const name = 'domain_configurations_from_database';
  if (optionStatus(release, name, 'identity').status !== 'known') return [];
  if (effectiveNamed(main, release, name, 'identity').value !== true) return [];
  const message =
    `[identity] ${name} is on, so that Keystone does not read the domains' files: ` +
    'run "keystone-manage domain_config_upload" with it.';
  const refused = edits.map(({ option }) => option).filter((option) => NOT_IN_DATABASE.includes(option));
  const without = refused.length === 0 ? '' : ` It refuses ${refused.join(', ')}.`;
  return [{ code: 'DOMAIN_FILES_UNUSED', message: message + without }];
}
