import { optionValues } from '../../keystone-conf/document/option-value.ts';
import type { KeystoneFiles } from '../keystone-files.ts';
import { memcachedFault } from '../memcached-fault.ts';
import { serviceOptions, type ReadOption } from '../service-options.ts';
import type { FilesCheck } from './check.ts';

/** Whether each memcached answers that Keystone keeps its answers in. */
export const memcached: FilesCheck = async function* (files) {
  const read = serviceOptions(files);
  if (read?.('cache', 'enabled') !== true) return;
  if (!/memcache|pylibmc/.test(String(read('cache', 'backend')))) return;
  const isPlain = !['tls_enabled', 'memcache_sasl_enabled'].some((name) => read('cache', name) === true);
  const verdicts = serversIn(files, read).map(async (server) => ({
    server,
    fault: await memcachedFault(server, isPlain),
  }));
  for (const { server, fault } of await Promise.all(verdicts))
    if (fault !== undefined)
      yield {
        code: 'CACHE_UNREACHABLE',
        severity: 'warning',
        subject: `memcached ${server}`,
        message: `${fault}; Keystone waits for it again and again, and asks LDAP and its database instead`,
        remedy:
          'Decide which servers are to cache: start them, let this machine reach them, or correct [cache] memcache_servers.',
      };
};

/** The old way to name them, `backend_argument = url:…`, goes before the option. */
function serversIn({ main }: KeystoneFiles, read: ReadOption): readonly string[] {
  const url = optionValues(main, 'cache', 'backend_argument').findLast((text) => text.startsWith('url:'));
  const servers = url?.slice('url:'.length).split(',') ?? read('cache', 'memcache_servers');
  return typeof servers === 'object' ? servers : [];
}
