import { DIABLO_MANAGE } from '../../releases/legacy.ts';
import type { KeystoneManageStyle } from '../../releases/release.ts';
import { Secret } from '../../secret.ts';
import { shellWord } from '../../shell-word.ts';
import type { EndpointTemplate, SqlList, SqlPart, Token } from './sql-part.ts';

/** A program and its arguments; secrets show themselves only where the command is run or written for a shell. */
export interface KeystoneManageCommand {
  readonly argv: readonly (string | Secret)[];
}

export interface CommandOptions {
  /** Given as the release takes it; without it keystone-manage looks in its own places. */
  readonly configFile?: string;
  /** The program; `keystone-manage` on the PATH by default. */
  readonly executable?: string;
  /** How the release is called (its `legacy.manage`); as 2011.3 by default. */
  readonly style?: KeystoneManageStyle;
}

/**
 * The commands that add these rows, in the order of the lists and of their rows. Users and tenants are given by name in
 * every release: in the older ones names are ids, and from essex-1 on keystone-manage looks the ids up itself.
 * Each command adds a row whenever it is run, also a second time.
 */
export function sqlCommands(sql: SqlPart, options: CommandOptions = {}): readonly KeystoneManageCommand[] {
  const { executable = 'keystone-manage', configFile, style = DIABLO_MANAGE } = options;
  const ofList = { ...ROWS, ...(style.credentials ? {} : { credentials: () => [] }) };
  const done = {
    ...sql,
    services: sql.services.map((one) => (style.typedServices ? { ...one, type: one.type ?? '' } : one)),
    tokens: sql.tokens.filter((token) => style.unscopedTokens || isScoped(token)),
  };
  return sql.order
    .flatMap((list) => ofList[list](done))
    .map((words) => ({ argv: [executable, ...argumentsOf(words, style, configFile)] }));
}

/** Whether every release can add it. */
export function isScoped({ tenant = '' }: Token): boolean {
  return tenant !== '';
}

/**
 * A release that reads options twice knows `--config-file` only, which stands behind the words then; but `--`, which ends
 * the options, stands behind it.
 */
function argumentsOf(words: Words, style: KeystoneManageStyle, configFile: string | undefined): Words {
  const end = endOfOptions(words);
  if (configFile === undefined) return [...end, ...words];
  if (style.configFile === '-c before') return ['-c', configFile, ...end, ...words];
  const file = ['--config-file', configFile];
  if (end.length === 0) return [...words, ...file];
  const [object, action, ...values] = words;
  return [object, action, ...file, ...end, ...values].filter((word) => word !== undefined);
}

/** A script for a POSIX shell: stops at the first command that fails. It holds the tokens and secrets in clear text. */
export function formatShellCommands(commands: readonly KeystoneManageCommand[]): string {
  const lines = commands.map(({ argv }) => argv.map((word) => shellWord(reveal(word))).join(' '));
  return [...SCRIPT_HEAD, ...lines, ''].join('\n');
}

/** The command as it may be shown. */
export function describeCommand({ argv }: KeystoneManageCommand): string {
  return argv.map((word) => (word instanceof Secret ? '***' : shellWord(word))).join(' ');
}

export function reveal(word: string | Secret): string {
  return word instanceof Secret ? word.reveal() : word;
}

const SCRIPT_HEAD = [
  '#!/bin/sh',
  '# What Keystone keeps in SQL. Run it once: keystone-manage adds every row again each time.',
  'set -e',
];

type Words = readonly (string | Secret)[];

const ROWS: Readonly<Record<SqlList, (sql: SqlPart) => readonly Words[]>> = {
  // These releases have no such command; and a pair of key and secret they do not draw.
  bootstrap: () => [],
  ec2Credentials: () => [],
  services: ({ services }) =>
    services.map(({ name, type, description }) => [
      'service',
      'add',
      name,
      ...upToLastGiven([type, description]),
    ]),
  endpointTemplates: ({ endpointTemplates }) => endpointTemplates.map(endpointTemplate),
  // To a release with templates, an endpoint for everybody is a global one.
  serviceEndpoints: ({ serviceEndpoints }) =>
    serviceEndpoints.map((endpoint) => endpointTemplate({ ...endpoint, enabled: true, global: true })),
  tokens: ({ tokens }) =>
    // An empty tenant is none to the releases that know tokens without one.
    tokens.map(({ token, user, tenant = '', expires }) => ['token', 'add', token, user, tenant, expires]),
  endpoints: ({ endpoints }) =>
    endpoints.map(({ tenant, template }) => ['endpoint', 'add', tenant, `${template}`]),
  credentials: ({ credentials }) =>
    credentials.map(({ user, type, key, secret, tenant }) => [
      ...['credentials', 'add', user, type, key],
      secret,
      ...upToLastGiven([tenant]),
    ]),
};

function endpointTemplate(template: EndpointTemplate): Words {
  const { region, service, publicUrl, adminUrl, internalUrl } = template;
  const flags = [template.enabled, template.global].map((flag) => (flag ? '1' : '0'));
  const version = upToLastGiven([template.versionId, template.versionList, template.versionInfo]);
  return [
    'endpointTemplates',
    'add',
    region,
    service,
    publicUrl,
    adminUrl,
    internalUrl,
    ...flags,
    ...version,
  ];
}

/** Positional arguments: one that is left out before one that is given is an empty word, which means none. */
function upToLastGiven(values: readonly (string | undefined)[]): string[] {
  const count = values.findLastIndex((value) => value !== undefined) + 1;
  return values.slice(0, count).map((value) => value ?? '');
}

/** keystone-manage takes a word that begins with a hyphen for an option (optparse), unless `--` stands before it. */
function endOfOptions(words: Words): string[] {
  return words.some((word) => reveal(word).startsWith('-')) ? ['--'] : [];
}
