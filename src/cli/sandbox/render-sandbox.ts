import { Chalk } from 'chalk';
import { shellWord } from '../../shell-word.ts';
import type { Release } from '../../releases/release.ts';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import { findClientTool } from '../../sandbox/client-tools.ts';
import { sandboxEnvironment } from '../../sandbox/sandbox-environment.ts';
import type { Io } from '../terminal/io.ts';

/** What a sandbox was filled with. */
export interface Content {
  readonly release: Release | undefined;
  readonly isSeeded: boolean;
}

/** How to connect to a sandbox: the facts, then lines to paste into a shell. */
export async function renderSandbox(sandbox: Sandbox, content: Content, io: Io): Promise<string> {
  const paint = new Chalk({ level: io.colour ? 1 : 0 });
  const { uri, ldapiUri, ldapsUri, caFile, suffix, bindDn, configDn } = sandbox;
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ['URI', uri],
    ['suffix', suffix],
    ['bind DN', bindDn],
    ['password', sandbox.password.reveal()],
    ['cn=config', configDn],
    ['password', sandbox.configPassword.reveal()],
    ['ldapi', ldapiUri],
    ['ldaps', ldapsUri],
    ['its CA', caFile],
  ];
  const ldapsearch = (await findClientTool('ldapsearch', sandbox, io.env)) ?? 'ldapsearch';
  const variables = Object.entries(sandboxEnvironment(sandbox, content.release?.name));
  return [
    paint.bold(`A throw-away OpenLDAP, ${contentText(content)}.`),
    '',
    ...facts.flatMap(([name, value]) =>
      value === undefined ? [] : [`  ${paint.dim(name.padEnd(9))}  ${value}`],
    ),
    '',
    'For keystone-ldap in another shell:',
    ...variables.map(([name, value]) => `  export ${name}=${shellWord(value)}`),
    '',
    'Then, with the tools of OpenLDAP; over ldapi, you may do everything without a password:',
    ...searches(shellWord(ldapsearch)).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function contentText({ release, isSeeded }: Content): string {
  if (release === undefined) return 'empty';
  return `with the schema${isSeeded ? ', trees and identities' : ' and trees'} of Keystone ${release.name}`;
}

/** `printf` is part of the shell, so that the password is in no argument list. */
function searches(ldapsearch: string): readonly string[] {
  return [
    `${ldapsearch} -Q -Y EXTERNAL -H "$KEYSTONE_LDAP_LDAPI_URI" -b "$KEYSTONE_LDAP_SUFFIX"`,
    `printf %s "$KEYSTONE_LDAP_PASSWORD" | ${ldapsearch} -x -y /dev/stdin -H "$KEYSTONE_LDAP_URI" \\`,
    '    -D "$KEYSTONE_LDAP_BIND_DN" -b "$KEYSTONE_LDAP_SUFFIX"',
  ];
}
