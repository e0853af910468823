import type { Backend } from './backend.ts';
import { impossibleTls } from './checks/tls-settings.ts';
import { connectAsKeystone, type ConnectLimits, type KeystoneConnection } from './connect-as-keystone.ts';

/** Connects as Keystone does, unless the settings of TLS alone keep it from that: these are then what is found. */
export async function reachBackend(
  backend: Backend,
  limits: ConnectLimits = {},
): Promise<KeystoneConnection> {
  const findings = await impossibleTls(backend);
  if (findings.length > 0) return { session: undefined, options: undefined, findings };
  return await connectAsKeystone(backend.server, backend.file, limits);
}
