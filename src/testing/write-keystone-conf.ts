import { packageFile } from '../files.ts';
import { observeConf, planConf, plannedBytes, type ConfSettings } from '../plan/conf/plan-conf.ts';
import type { Release } from '../releases/release.ts';

/** What `configure` makes of the example file of the release's generation. */
export async function writeKeystoneConf(settings: ConfSettings, release: Release): Promise<string> {
  const original = release.conf.kind === 'legacy' ? release.name : 'modern';
  const conf = await observeConf(packageFile(`fixtures/keystone-conf/${original}.conf`), release);
  const { files } = await planConf(conf, settings, release);
  return files.map(plannedBytes).join('');
}
