/** For test suites of what talks to Keystone's directory; docs/testing.md has recipes. */
export { startKeystoneDirectory, type KeystoneDirectoryOptions } from './start-keystone-directory.ts';
export type { DirectoryUser, KeystoneDirectory } from './keystone-directory.ts';
export type { IdentitiesObject, IdentityChoice } from './choose-identities.ts';
export type { BackendKind, BackendOptions } from '../sandbox/start-backend.ts';
export type { SandboxBackend } from '../sandbox/sandbox-backend.ts';
export { KeystoneLdapError } from '../errors.ts';
export { Secret } from '../secret.ts';
