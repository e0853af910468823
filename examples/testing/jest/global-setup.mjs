import { startKeystoneDirectory } from 'keystone-ldap/testing';

export default async () => {
  const directory = await startKeystoneDirectory({ release: 'zed', sample: 'modern' });
  // The workers start later and inherit it.
  Object.assign(process.env, directory.environment);
  globalThis.keystoneDirectory = directory;
};
