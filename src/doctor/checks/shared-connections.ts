import type { Backend } from '../backend.ts';
import { usesTls } from '../connect-as-keystone.ts';
import type { Finding } from '../finding.ts';

/**
 * What drivers of one process share: libldap's settings of TLS, of which the first handshake decides, and the pools of
 * connections, which are known by the text of `url` alone (`connection_pools`, Juno to 29.0.0).
 */
export function* sharedConnections(backends: readonly Backend[]): Generator<Finding> {
  yield* sharedTls(backends.filter(({ server }) => usesTls(server)));
  yield* sharedPools(backends.filter(({ server }) => server.usesPool));
}

function* sharedTls(backends: readonly Backend[]): Generator<Finding> {
  const ways = groupedBy(backends, ({ server: { setsTls, caFile, caDir, checkCertificate } }) =>
    setsTls
      ? `${caFile ?? caDir ?? 'no CA'}, certificates ${checkCertificate ? 'checked' : 'not checked'}`
      : 'the CA of the system',
  );
  if (ways.size < 2) return;
  yield {
    code: 'DOMAINS_SHARE_TLS',
    severity: 'error',
    subject: backends.map(({ file }) => file).join(', '),
    message: `settings of TLS differ (${[...ways].map(([way, of]) => `${namesOf(of)}: ${way}`).join('; ')}); Keystone keeps those of the first that connects for all, so that others fail, or are not checked, until it is restarted`,
    remedy:
      'Put the CAs of all servers into one file, and set the same tls_cacertfile and tls_req_cert = demand in every file.',
  };
}

function* sharedPools(backends: readonly Backend[]): Generator<Finding> {
  for (const [url, of] of groupedBy(backends, ({ server }) => server.urls.join(','))) {
    if (groupedBy(of, ({ server }) => String(server.startTls)).size < 2) continue;
    yield {
      code: 'DOMAINS_SHARE_POOL',
      severity: 'warning',
      subject: of.map(({ file }) => file).join(', '),
      message: `use_tls differs for the same url ${url} (${namesOf(of)}); Keystone has one pool of connections for both, with the use_tls of the first that connects`,
      remedy: 'Set the same use_tls in every file with this url.',
    };
  }
}

function groupedBy(
  backends: readonly Backend[],
  keyOf: (backend: Backend) => string,
): ReadonlyMap<string, readonly Backend[]> {
  const groups = new Map<string, Backend[]>();
  for (const backend of backends)
    groups.set(keyOf(backend), [...(groups.get(keyOf(backend)) ?? []), backend]);
  return groups;
}

const namesOf = (backends: readonly Backend[]): string =>
  backends.map(({ domain }) => domain ?? 'the main file').join(', ');
