import { join } from 'node:path';

/** Where a Keystone of the tests keeps its things. */
export interface KeystonePlace {
  /** For `--config-dir`: stays empty, and keeps the files of /etc/keystone out. */
  readonly emptyDir: string;
  readonly database: string;
  readonly domainDir: string;
  readonly fernetKeys: string;
  readonly credentialKeys: string;
  readonly logDir: string;
  readonly log: string;
}

export function placeIn(dir: string): KeystonePlace {
  const logDir = join(dir, 'log');
  return {
    emptyDir: join(dir, 'empty'),
    database: join(dir, 'keystone.db'),
    domainDir: join(dir, 'domains'),
    fernetKeys: join(dir, 'fernet-keys'),
    credentialKeys: join(dir, 'credential-keys'),
    logDir,
    log: join(logDir, 'keystone.log'),
  };
}

/** The last configuration file of every run: paths only, so that all else is what the test configures. */
export function overlayConf(dir: string, options: { readonly ownDomainDir: boolean }): string {
  const place = placeIn(dir);
  return `
[DEFAULT]
log_dir = ${place.logDir}
log_file = keystone.log
use_stderr = false
[database]
connection = sqlite:///${place.database}
[fernet_tokens]
key_repository = ${place.fernetKeys}
[fernet_receipts]
key_repository = ${place.fernetKeys}
[credential]
key_repository = ${place.credentialKeys}
[oslo_policy]
policy_dirs = ${place.emptyDir}
${options.ownDomainDir ? `[identity]\ndomain_config_dir = ${place.domainDir}\n` : ''}`;
}
