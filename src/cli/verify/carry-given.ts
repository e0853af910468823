import type { Finding } from '../../doctor/finding.ts';
import { shellWord } from '../../shell-word.ts';
import type { ConfFilesFlags } from '../flags/keystone-flags.ts';
import type { ReleaseFlags, TreeFlags } from '../inputs/release-flags.ts';

/** The flags that a recommended command needs to be about the same Keystone and the same directory. */
export interface CarriedFlags extends ConfFilesFlags, ReleaseFlags, TreeFlags {
  readonly domain?: string | undefined;
  readonly domainConfigDir?: string;
  readonly uri?: string;
  /** The identities, which seed writes. */
  readonly file?: readonly string[];
  readonly sample?: string | boolean;
}

/**
 * A finding whose remedy names commands with the flags of this run. Who binds is left out: the account of a run is not
 * the one that Keystone is to have.
 */
export function carryGiven(finding: Finding, flags: CarriedFlags): Finding {
  const remedy = finding.remedy.replaceAll(
    /"keystone-ldap (init|seed|configure)((?: [^"]*)?)"/g,
    (_, command: string, rest: string) => {
      const given = carriedWords(command, flags).filter(({ flag }) => !rest.includes(` ${flag} `));
      const words = given.map(({ flag, value }) => ` ${flag} ${shellWord(value)}`).join('');
      return `"keystone-ldap ${command}${rest}${words}"`;
    },
  );
  return { ...finding, remedy };
}

interface Word {
  readonly flag: string;
  readonly value: string;
}

function carriedWords(command: string, flags: CarriedFlags): readonly Word[] {
  const { keystoneConf: [file] = [] } = flags;
  const named: Readonly<Record<string, string | undefined>> = {
    '--release': flags.release,
    // seed takes nothing but the release from a file.
    ...(command !== 'seed' && { '--keystone-conf': file }),
    ...(command === 'seed' && { '--sample': sampleOf(flags) }),
    ...(command === 'configure' && {
      '--domain': flags.domain,
      '--domain-config-dir': flags.domainConfigDir,
    }),
    ...(file === undefined && {
      '-H': flags.uri,
      '--suffix': flags.suffix,
      '--user-tree-dn': flags.userTreeDn,
      '--group-tree-dn': flags.groupTreeDn,
      '--tenant-tree-dn': flags.tenantTreeDn ?? flags.projectTreeDn,
      '--role-tree-dn': flags.roleTreeDn,
      '--domain-tree-dn': flags.domainTreeDn,
      '--ldap-holds': flags.ldapHolds,
    }),
  };
  return [
    ...Object.entries(named).flatMap(([flag, value]) => (value === undefined ? [] : [{ flag, value }])),
    ...repeatedWords(command, flags),
  ];
}

function repeatedWords(command: string, flags: CarriedFlags): readonly Word[] {
  const { keystoneConf: [file, ...others] = [], configDir = [], map = [], file: identities = [] } = flags;
  const each = (flag: string, values: readonly string[]): readonly Word[] =>
    values.map((value) => ({ flag, value }));
  return [
    // configure edits one file.
    ...(command === 'init' ? [...each('--keystone-conf', others), ...each('--config-dir', configDir)] : []),
    ...(command === 'seed' ? each('--file', identities) : []),
    ...(file === undefined ? each('--map', map) : []),
  ];
}

/** That of the release is what seed takes anyway. */
function sampleOf({ sample }: CarriedFlags): string | undefined {
  return typeof sample === 'string' && sample !== 'release' ? sample : undefined;
}
