import { basename } from 'node:path';
import { idOf } from '../../sandbox/owned-name.ts';
import { sandboxEnvironment } from '../../sandbox/sandbox-environment.ts';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import type { Content } from './render-sandbox.ts';

/** How to connect to a sandbox, for programs. */
export function sandboxFacts(sandbox: Sandbox, { release, isSeeded }: Content) {
  return {
    command: 'sandbox',
    id: idOf(basename(sandbox.dir)),
    uri: sandbox.uri,
    ldapiUri: sandbox.ldapiUri,
    ldapsUri: sandbox.ldapsUri,
    caFile: sandbox.caFile,
    suffix: sandbox.suffix,
    bindDn: sandbox.bindDn,
    password: sandbox.password.reveal(),
    configUri: sandbox.uri,
    configBindDn: sandbox.configDn,
    configPassword: sandbox.configPassword.reveal(),
    release: release?.name,
    seeded: isSeeded,
    pid: sandbox.pid,
    environment: sandboxEnvironment(sandbox, release?.name),
  };
}
