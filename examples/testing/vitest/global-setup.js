import { startKeystoneDirectory } from 'keystone-ldap/testing';

export async function setup(project) {
  const directory = await startKeystoneDirectory({ release: 'zed', sample: 'modern' });
  project.provide('directory', directory.environment);
  project.provide('keystoneConf', directory.keystoneConf);
  return () => directory.stop();
}
