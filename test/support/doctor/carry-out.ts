import { execFile } from 'node:child_process';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Session } from '../../../src/directory/session.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import { formatConf, parseConf } from '../../../src/keystone-conf/document/document.ts';
import { setOption } from '../../../src/keystone-conf/document/set-option.ts';
import { runCliAsAdmin } from '../run-cli.ts';
import { commandLines } from '../shell-words.ts';
import type { SoundKeystone } from './sound-keystone.ts';

/** What a remedy asks for: `decision` names no command and no value, since only a person can know. */
export type RemedyKind = 'setting' | 'command' | 'value' | 'decision' | 'nothing' | 'unclear';

export function remedyKind({ remedy }: Pick<Finding, 'remedy'>): RemedyKind {
  if (SETTINGS.test(remedy)) return 'setting';
  if (/^Run "/.test(remedy)) return 'command';
  if (/^(?:Change|Remove) /.test(remedy)) return 'value';
  if (/^Nothing needs to be done/.test(remedy)) return 'nothing';
  return /\bdecide\b|^Find out/i.test(remedy) ? 'decision' : 'unclear';
}

/** Does what the remedy says, to the letter. */
export async function carryOut(
  { remedy, subject }: Finding,
  keystone: Pick<SoundKeystone, 'server' | 'conf'>,
  manager: Session,
): Promise<void> {
  const kind = remedyKind({ remedy });
  if (kind === 'setting') await setOptions(remedy, keystone.conf);
  else if (kind === 'command') await runCommands(remedy, keystone);
  else if (kind === 'value') await changeValues({ remedy, subject }, manager);
  else throw new Error(`Nothing to carry out in: ${remedy}`);
}

const SETTINGS = /^Set (\w+ = .+?(?: and \w+ = .+?)?)(?: in \[(\w+)\](?: of (\/.+?))?)?[.;,](?: |$)/;

async function setOptions(remedy: string, main: string): Promise<void> {
  const [, all = '', section = 'ldap', file = main] = SETTINGS.exec(remedy) ?? [];
  const { mode } = await stat(file);
  let doc = parseConf(await readFile(file), file);
  for (const one of all.split(/ and (?=\w+ = )/)) {
    const [, name = '', value = ''] = /^(\w+) = (.*)$/.exec(one) ?? [];
    doc = setOption(doc, section, name, value);
  }
  await writeFile(file, formatConf(doc));
  await chmod(file, mode);
}

async function runCommands(remedy: string, { server }: Pick<SoundKeystone, 'server'>): Promise<void> {
  for (const [, command = ''] of remedy.matchAll(/"((?:keystone-ldap|ch\w+) [^"]*)"/g)) {
    // Who writes is left to the reader, and comes from the environment here.
    const [argv] = commandLines([command.replace(' -D DN -W', '')]);
    if (argv === undefined) {
      await promisify(execFile)('/bin/sh', ['-c', command]);
      continue;
    }
    const { exitCode, stderr } = await runCliAsAdmin(server, argv);
    // What differs is no failure of the command that shows it.
    const isShown = argv[0] === 'schema' && argv[1] === 'diff' && exitCode === 1;
    if (exitCode !== 0 && !isShown) throw new Error(`${command}: ${stderr}`);
  }
}

async function changeValues(
  { remedy }: Pick<Finding, 'remedy' | 'subject'>,
  manager: Session,
): Promise<void> {
  const changed = /^Change (\w+) of (\S+): /.exec(remedy);
  if (changed !== null) {
    const [, attribute = '', dn = ''] = changed;
    const removed = [...remedy.matchAll(/in place of "(.+?)"/g)].map(([, value = '']) => value);
    const added = [...remedy.matchAll(/(?:write|add) "(.+?)"/g)].map(([, value = '']) => value);
    await manager.modify(dn, [
      ...(removed.length > 0 ? [{ operation: 'delete' as const, attribute, values: removed }] : []),
      { operation: 'add', attribute, values: added },
    ]);
    return;
  }
  const [, values = '', attribute = '', dn = ''] = /^Remove (.+?) from (\w+) of (\S+?)\.$/.exec(remedy) ?? [];
  await manager.modify(dn, [{ operation: 'delete', attribute, values: values.split(' and ') }]);
}
