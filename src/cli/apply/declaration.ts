import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LoadedConfig } from '../../config/load-config.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { meantBy, type IsMeant } from '../flags/command-context.ts';
import { configureFlags, initFlags, seedFlags } from './config-flags.ts';
import type { Io } from '../terminal/io.ts';
import type { OutputFlags } from '../terminal/output.ts';
import type { ConfigureFlags } from '../configure/resolve-conf-plan.ts';
import type { InitFlags } from '../init/run-init.ts';
import type { RunSeedFlags } from '../seed/run-seed-flags.ts';
import { layOver, readConfigFile } from './take-config-file.ts';

/** The flags of `plan` and `apply`: those of the parts that the file declares. */
export type DeclaredFlags = InitFlags &
  RunSeedFlags &
  OutputFlags & {
    /** Takes away what the tool made and the file declares no more. */
    readonly prune?: boolean;
  };

/** All that a configuration file, and the flags that win over it, say of a system. */
export interface Declaration {
  readonly loaded: LoadedConfig;
  readonly flags: DeclaredFlags;
  /** Absent where the file has no keystone.conf. */
  readonly conf: ConfigureFlags | undefined;
  /** Whether a value for keystone.conf is declared or given, and not from the environment. */
  readonly isMeant: IsMeant;
  /** What was given as flags, by name; secrets are none of them. */
  readonly given: Readonly<Record<string, unknown>>;
}

const DEFAULT_CONFIG_FILE = 'keystone-ldap.yaml';

/** The file that is meant: as the argument, or as other commands take it. @throws `USAGE` where both are given */
export function declaredFile(argument: string | undefined, flags: { readonly configFile?: string }): string {
  const { configFile } = flags;
  if (argument !== undefined && configFile !== undefined)
    throw new KeystoneLdapError('USAGE', `Two files are named: ${argument}, and ${configFile} with -f.`);
  return argument ?? configFile ?? DEFAULT_CONFIG_FILE;
}

/** Reads the file, if its text is not known, into the command, whose options then are those of all parts. */
export async function declare(file: string, command: Command, io: Io, text?: string): Promise<Declaration> {
  const loaded = await readConfigFile(file, io, text);
  const given = givenFlags(command);
  const seed = seedFlags(loaded);
  layOver(command, { serviceAccess: true, ...seed, ...initFlags(loaded), resetPasswords: undefined });
  const flags = command.opts<DeclaredFlags>();
  const own: Readonly<Record<string, unknown>> = configureFlags(loaded);
  const isMeant: IsMeant = (flag) => own[flag] !== undefined || meantBy(command)(flag);
  return { loaded, flags, given, conf: confFlags(loaded, flags), isMeant };
}

/** The trees are those of the directory, and its server the one of Keystone unless told. */
function confFlags(loaded: LoadedConfig, flags: DeclaredFlags): ConfigureFlags | undefined {
  const own = configureFlags(loaded);
  if (own.keystoneConf === undefined) return undefined;
  const { map, ldapHolds, suffix, uri } = flags;
  const { userTreeDn, groupTreeDn, tenantTreeDn, roleTreeDn, domainTreeDn } = flags;
  const conf = loaded.config.keystoneConf ?? {};
  const defined = Object.entries({
    map,
    ldapHolds,
    suffix,
    userTreeDn,
    groupTreeDn,
    tenantTreeDn,
    roleTreeDn,
    domainTreeDn,
  });
  return {
    backup: true,
    ...own,
    ...Object.fromEntries(defined.filter(([, value]) => value !== undefined)),
    ...(conf.uri === undefined && uri !== undefined ? { uri } : {}),
  };
}

function givenFlags(command: Command): Readonly<Record<string, unknown>> {
  const names = Object.keys(command.opts()).filter(
    (name) => command.getOptionValueSource(name) === 'cli' && !OF_THE_RUN.has(name),
  );
  return Object.fromEntries(
    names.map((name) => {
      const value: unknown = command.getOptionValue(name);
      return [name, PATHS.has(name) && typeof value === 'string' && value !== '-' ? resolve(value) : value];
    }),
  );
}

/** Flags that are about one run, and nothing of what is planned. */
const OF_THE_RUN = new Set([
  'configFile',
  'json',
  'debug',
  'input',
  'out',
  'exitCode',
  'yes',
  'bulk',
  'promptPassword',
  'wait',
  'timeout',
  'journal',
  'stateDir',
  'undoOnFailure',
]);
const PATHS = new Set(['passwordFile', 'configPasswordFile', 'caFile']);

/** Gives a command the flags of an earlier run, unless it has its own. */
export function giveAgain(command: Command, flags: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(flags))
    if (command.getOptionValueSource(name) !== 'cli') command.setOptionValueWithSource(name, value, 'cli');
}
