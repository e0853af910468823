import type { Finding } from '../doctor/finding.ts';
import { verifySchema } from '../doctor/verify-schema.ts';
import { verifyTrees } from '../doctor/verify-trees.ts';
import { KeystoneLdapError } from '../errors.ts';
import { shellCommand } from '../identities/shell-word.ts';
import { chosenRelease } from './chosen-release.ts';
import type { ExitCode, Io } from './io.ts';
import { printJson, remark, say } from './output.ts';
import { hasAllTrees, resolveSuffix, resolveTrees } from './release-flags.ts';
import { findingText } from './render-verdict.ts';
import { lazyConnection, withDirectory, type Connection } from './resolve-connection.ts';
import type { InitFlags } from './run-init.ts';

/**
 * What `init --read-only` does: see whether a directory that others fill is as the mapping says, and tell the command
 * by which Keystone gets to use it. It writes nothing.
 */
export async function checkInit(flags: InitFlags, io: Io): Promise<ExitCode> {
  refuseWriting(flags);
  const connecting = lazyConnection(flags, io);
  const release = await chosenRelease(flags, io, connecting);
  const connection = await connecting();
  return await withDirectory(connection, async (directory) => {
    const needsSuffix = release.conf.kind === 'oslo' || !hasAllTrees(flags, release);
    const suffix = needsSuffix ? await resolveSuffix(flags, io, directory) : flags.suffix;
    const trees = await resolveTrees({ ...flags, ...(suffix && { suffix }) }, release, io, directory);
    const findings: Finding[] = [];
    for await (const finding of verifySchema(directory, release)) findings.push(finding);
    for await (const finding of verifyTrees(directory, { release, trees })) findings.push(finding);
    const configure = shellCommand(configureWords(flags, release.name, suffix, connection));
    const ok = findings.every(({ severity }) => severity !== 'error');
    if (flags.json === true)
      printJson(io, { command: 'init', applied: false, release: release.name, ok, findings, configure });
    else render({ findings, ok, subject: `Schema and trees of ${release.name}`, configure }, io);
    return ok ? 0 : 1;
  });
}

function refuseWriting(flags: InitFlags): void {
  const stray = [
    ...(flags.serviceAccount === undefined ? [] : ['--service-account']),
    ...(flags.schemaFile === undefined ? [] : ['--schema-file']),
    ...(flags.replaceSchema === true ? ['--replace-schema'] : []),
  ];
  if (stray.length === 0) return;
  throw new KeystoneLdapError('USAGE', `--read-only writes nothing: leave out ${stray.join(', ')}.`);
}

interface Answer {
  readonly findings: readonly Finding[];
  readonly ok: boolean;
  readonly subject: string;
  readonly configure: string;
}

function render({ findings, ok, subject, configure }: Answer, io: Io): void {
  for (const finding of findings) say(io, findingText(finding, io.colour));
  if (!ok) {
    remark(io, 'Nothing was written (--read-only): make what is missing, or name what is there with --map.');
    return;
  }
  say(io, `${subject} are there; nothing was written. Keystone uses them after:\n\n    ${configure}\n`);
}

/** The account of this run stands for Keystone's, whose it should be. */
function configureWords(
  flags: InitFlags,
  release: string,
  suffix: string | undefined,
  { options }: Connection,
): readonly string[] {
  const account = options.credentials.kind === 'simple' ? options.credentials.dn : 'DN';
  const valued = (flag: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [flag, value];
  return [
    ...['keystone-ldap', 'configure', '--release', release],
    ...['--keystone-conf', '/etc/keystone/keystone.conf'],
    ...['-H', options.uri, '-D', account],
    ...(flags.passwordFile === undefined ? ['-W'] : ['-y', flags.passwordFile]),
    ...(options.startTls === undefined ? [] : [options.startTls === 'require' ? '-ZZ' : '-Z']),
    ...valued('--ca-file', flags.caFile),
    ...valued('--suffix', suffix),
    ...valued('--user-tree-dn', flags.userTreeDn),
    ...valued('--group-tree-dn', flags.groupTreeDn),
    ...valued('--tenant-tree-dn', flags.tenantTreeDn ?? flags.projectTreeDn),
    ...valued('--role-tree-dn', flags.roleTreeDn),
    ...valued('--domain-tree-dn', flags.domainTreeDn),
    ...(flags.map ?? []).flatMap((pair) => ['--map', pair]),
    ...valued('--ldap-holds', flags.ldapHolds),
  ];
}
