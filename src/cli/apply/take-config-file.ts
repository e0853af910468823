import { Option, type Command } from 'commander';
import type { LoadedConfig } from '../../config/load-config.ts';
import { namesIn, readChunks, readText } from '../../files.ts';
import { readInput } from '../terminal/read-input.ts';
import type { Io } from '../terminal/io.ts';

export function addConfigFileFlag(command: Command): Command {
  return command.addOption(
    new Option(
      '-f, --config-file <file>',
      'read options from this keystone-ldap.yaml; command-line flags take precedence',
    ),
  );
}

/** Gives a command that was given `-f` what the file says of its part. */
export async function takeConfigFile(command: Command, io: Io): Promise<void> {
  const file: unknown = command.getOptionValue('configFile');
  if (typeof file !== 'string') return;
  const parts = await import('./config-flags.ts');
  const partOf: Readonly<Record<string, (loaded: LoadedConfig) => object>> = {
    init: parts.initFlags,
    seed: parts.seedFlags,
    configure: parts.configureFlags,
    verify: parts.verifyFlags,
  };
  const part = partOf[command.name()];
  if (part === undefined) return;
  const values = part(await readConfigFile(file, io));
  // Another server than the one of keystone.conf is meant.
  const isElsewhere = command.name() === 'verify' && ['uri', ...WHO].some((name) => isGiven(command, name));
  layOver(command, isElsewhere ? { ...values, keystoneConf: undefined } : values);
}

/** @throws `FILE_UNREADABLE`, `INPUT_INVALID` with all problems; `-` is standard input */
export async function readConfigFile(file: string, io: Io, text?: string): Promise<LoadedConfig> {
  const { loadConfig } = await import('../../config/load-config.ts');
  return await loadConfig(file, text ?? (await readInput(file, io)), { readText, readChunks, namesIn });
}

/**
 * Gives options that no flag set the values of a file, also where the environment has another: what was written down
 * for a server must not go to another one because of a variable that was forgotten.
 */
export function layOver(command: Command, values: object): void {
  for (const [name, value] of Object.entries(values) as [string, unknown][])
    if (![name, ...(WITHOUT[name] ?? [])].some((one) => isGiven(command, one)))
      command.setOptionValueWithSource(name, value, 'config');
}

function isGiven(command: Command, name: string): boolean {
  return command.getOptionValueSource(name) === 'cli';
}

const WHO = ['bindDn', 'mechanism', 'simple'];
const SERVICE_PASSWORD = ['servicePasswordFile', 'servicePasswordEnv', 'generateServicePassword'];

/** Flags that make another meaningless: the password in a file is not that of whom a flag names. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  bindDn: WHO,
  accountOrigin: WHO,
  passwordFile: [...WHO, 'promptPassword'],
  passwordEnv: [...WHO, 'passwordFile', 'promptPassword'],
  configPasswordFile: ['configBindDn'],
  configPasswordEnv: ['configBindDn', 'configPasswordFile'],
  ...Object.fromEntries(SERVICE_PASSWORD.map((name) => [name, ['serviceAccount', ...SERVICE_PASSWORD]])),
  declared: ['file', 'sample'],
};
