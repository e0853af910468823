import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { CLIENT_TOOLS_IN_TREE } from '../../src/sandbox/client-tools.ts';
import { fetchSlapd } from '../../src/sandbox/fetch-slapd.ts';
import { findSlapd } from '../../src/sandbox/find-slapd.ts';
import { privateCopy, privateCopyPath } from '../../src/sandbox/private-copy.ts';
import { installationAt } from '../../src/sandbox/slapd-installation.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

let folder: string;

beforeEach(() => {
  folder = DisposableFolder.ofTest().path;
});

/** A tree with an empty program and the given further files. */
async function plant(program: string, ...files: readonly string[]): Promise<string> {
  for (const file of [program, ...files]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '#!/bin/sh\n');
  }
  await chmod(join(folder, program), 0o755);
  return join(folder, program);
}

describe('installationAt', () => {
  test.each([
    ['usr/sbin/slapd', 'etc/ldap/schema', 'usr/lib/ldap'],
    ['usr/sbin/slapd', 'etc/openldap/schema', 'usr/lib64/openldap'],
    ['usr/sbin/slapd', 'etc/openldap/schema', 'usr/lib/openldap'],
    ['usr/local/libexec/slapd', 'usr/local/etc/openldap/schema', 'usr/local/libexec/openldap'],
  ])('%s goes with %s and %s', async (program, schemas, modules) => {
    const path = await plant(program, `${schemas}/core.ldif`, `${modules}/ppolicy.so`);
    expect(await installationAt(path, 'known-place')).toMatchObject({
      slapd: path,
      schemaDir: join(folder, schemas),
      modulePath: join(folder, modules),
    });
  });

  test('has no module path where all is built in', async () => {
    const path = await plant('opt/openldap/libexec/slapd', 'etc/openldap/schema/core.ldif');
    const found = await installationAt(path, 'known-place');
    expect(found).toEqual({
      slapd: path,
      origin: 'known-place',
      schemaDir: join(folder, 'etc/openldap/schema'),
      env: { RES_OPTIONS: 'attempts:0' },
    });
  });

  test('tells the loader of the libraries in a tree of its own', async () => {
    const path = await plant(
      'usr/sbin/slapd',
      'etc/ldap/schema/core.ldif',
      'usr/lib/x86_64-linux-gnu/libldap.so',
    );
    const found = await installationAt(path, 'private-copy');
    expect(found?.env['LD_LIBRARY_PATH']?.split(':')[0]).toBe(join(folder, 'usr/lib/x86_64-linux-gnu'));
  });

  test('is nothing where the program cannot be run', async () => {
    const path = await plant('usr/sbin/slapd', 'etc/ldap/schema/core.ldif');
    await chmod(path, 0o644);
    expect(await installationAt(path, 'path')).toBeUndefined();
  });
});

describe('findSlapd', () => {
  test('takes KEYSTONE_LDAP_SLAPD before PATH', async () => {
    const named = await plant('named/sbin/slapd', 'etc/ldap/schema/core.ldif');
    const inPath = await plant('path/sbin/slapd');
    const env = { KEYSTONE_LDAP_SLAPD: named, PATH: dirname(inPath) };
    expect(await findSlapd(env)).toMatchObject({ slapd: named, origin: 'env' });
    expect(await findSlapd({ ...env, KEYSTONE_LDAP_SLAPD: '' })).toMatchObject({
      slapd: inPath,
      origin: 'path',
    });
  });

  test('does not go past a KEYSTONE_LDAP_SLAPD that does not exist', async () => {
    const env = { KEYSTONE_LDAP_SLAPD: join(folder, 'slapd'), PATH: process.env['PATH'] };
    await expect(findSlapd(env)).rejects.toMatchObject({
      code: 'SLAPD_MISSING',
      message: expect.stringContaining(join(folder, 'slapd')) as string,
    });
  });
});

describe('the private copy', () => {
  test('is found in the cache of the user', async () => {
    const env = { XDG_CACHE_HOME: folder };
    expect(await privateCopy(env)).toBeUndefined();
    const place = (await privateCopyPath(env)).slice(folder.length + 1);
    const path = await plant(`${place}/usr/sbin/slapd`, `${place}/etc/ldap/schema/core.ldif`);
    expect(await privateCopy(env)).toMatchObject({ slapd: path, origin: 'private-copy' });
  });

  test('that works is kept: nothing is fetched', async () => {
    const env = { XDG_CACHE_HOME: folder, PATH: '' };
    const place = (await privateCopyPath(env)).slice(folder.length + 1);
    const tools = join(place, CLIENT_TOOLS_IN_TREE, 'ldapsearch');
    const path = await plant(`${place}/usr/sbin/slapd`, `${place}/etc/ldap/schema/core.ldif`, tools);
    const steps: string[] = [];
    const copy = await fetchSlapd({ env, onStep: (text) => steps.push(text) });
    expect([copy.slapd, steps]).toEqual([path, []]);
  });

  test('cannot be fetched without a package manager: the error lists all the ways to a slapd', async () => {
    const env = { XDG_CACHE_HOME: folder, PATH: folder };
    await expect(fetchSlapd({ env, onStep: () => undefined })).rejects.toMatchObject({
      code: 'SLAPD_MISSING',
      hint: expect.stringMatching(
        /sandbox fetch[^]*apt-get install[^]*dnf install[^]*apk add[^]*brew install[^]*KEYSTONE_LDAP_SLAPD/,
      ) as string,
    });
  });
});
