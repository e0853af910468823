import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DoctorCase } from '../../../support/doctor/examine.ts';
import { withService } from '../../../support/doctor/service-conf.ts';

type Expected = DoctorCase['expected'];

/** A file that says all that `keystone-manage doctor` asks for, but for this. */
function serviceCase(
  name: string,
  changes: Parameters<typeof withService>[1],
  expected: Expected,
): DoctorCase {
  return {
    name: `what keystone-manage doctor finds: ${name}`,
    breakIt: async (_, { conf, dir }) => await appendFile(conf, await withService(dir, changes)),
    argv: ({ conf, server }) => [
      ...['--keystone-conf', conf, '--config-uri', server.ldapiUri, '--severity', 'info'],
    ],
    expected,
  };
}

export const SERVICE_CASES: readonly DoctorCase[] = [
  serviceCase('no cache', { 'cache/enabled': 'false' }, [['CACHE_OFF', 'info', 'nothing is cached']]),
  serviceCase('a cache that keeps nothing', { 'cache/backend': undefined }, [
    ['CACHE_OFF', 'info', 'its backend keeps nothing'],
  ]),
  {
    ...serviceCase('servers that are no memcached', {}, [
      ['CACHE_UNREACHABLE', 'warning', 'something answers there that is no memcached'],
      ['CACHE_UNREACHABLE', 'warning', 'it does not answer within 3 seconds'],
      ['CACHE_UNREACHABLE', 'warning', 'it cannot be reached (connect ECONNREFUSED'],
      ['CACHE_UNREACHABLE', 'warning', 'it cannot be reached (connect ENOENT'],
      ['CACHE_UNREACHABLE', 'warning', 'its address is none'],
    ]),
    breakIt: async (_, { conf, dir, server }) => {
      const http = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      onTestFinished(() => void http.close());
      await once(http.listen(join(dir, 'http')), 'listening');
      // What is said to it is the start of a longer message to slapd, which waits for the rest.
      const places = [`unix:${dir}/http`, new URL(server.uri).host, 'inet6:[::1]:9', `unix:${dir}/none`];
      const cache = {
        'cache/backend': 'oslo_cache.memcache_pool',
        'cache/memcache_servers': [...places, 'a:b:c'].join(', '),
      };
      await appendFile(conf, await withService(dir, cache));
    },
  },
  {
    ...serviceCase('memcached that are named in the old way, and reached with TLS', {}, [
      ['CACHE_UNREACHABLE', 'warning', 'connect ECONNREFUSED 127.0.0.1:9'],
    ]),
    breakIt: async (_, { conf, dir, server }) => {
      const cache = {
        'cache/backend': 'dogpile.cache.memcached',
        'cache/backend_argument': `url:${new URL(server.uri).host},127.0.0.1:9`,
        // The port of slapd is open, which is all that is looked at.
        'cache/tls_enabled': 'true',
      };
      await appendFile(conf, await withService(dir, cache));
    },
  },
  serviceCase('SQLite and debugging', { 'database/connection': undefined, 'DEFAULT/debug': 'on' }, [
    ['DATABASE_SQLITE', 'info', 'the database is SQLite'],
    ['DEBUG_ON', 'info', 'Keystone logs more'],
  ]),
  serviceCase('room for tokens that are no Fernet tokens', { 'DEFAULT/max_token_size': '256' }, [
    ['TOKEN_SIZE', 'info', 'it is above 255'],
  ]),
  serviceCase('commas in paths', { 'saml/certfile': '/a,b', 'saml/keyfile': '/c,d' }, [
    ['SAML_COMMA', 'warning', 'there is a comma in the path'],
    ['SAML_COMMA', 'warning', 'there is a comma in the path'],
  ]),
  serviceCase(
    'passwords that expire before they may be changed',
    {
      'security_compliance/minimum_password_age': '7',
      'security_compliance/password_expires_days': '7',
    },
    [['PASSWORD_AGE', 'warning', 'kept for 7 days and expires after 7']],
  ),
  serviceCase('a pattern of passwords that is none', { 'security_compliance/password_regex': '[a-z' }, [
    ['PASSWORD_REGEX', 'warning', 'no regular expression'],
    ['PASSWORD_REGEX_UNEXPLAINED', 'info', 'is not told why'],
  ]),
  serviceCase('one repository of keys', { 'credential/key_repository': '{dir}/fernet-keys' }, [
    ['KEYS_SHARED', 'warning', 'with the same keys'],
  ]),
  serviceCase('no repository of keys', { 'fernet_tokens/key_repository': '{dir}/none' }, [
    ['KEYS_MISSING', 'warning', 'no such folder of keys; it can issue no token'],
  ]),
  {
    ...serviceCase('repositories without keys, open to all', {}, [
      ['KEYS_MISSING', 'warning', 'no key in it; credentials are encrypted'],
      ['KEYS_READABLE', 'warning', 'everybody on this machine'],
    ]),
    breakIt: async (_, { conf, dir }) => {
      const empty = join(dir, 'empty');
      await mkdir(empty, { mode: 0o700 });
      await writeFile(join(empty, '0'), '');
      await chmod(empty, 0o755);
      await appendFile(conf, await withService(dir, { 'credential/key_repository': empty }));
    },
  },
];
