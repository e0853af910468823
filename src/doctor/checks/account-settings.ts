import { connectionRules } from '../../releases/connection-rules.ts';
import type { SettingsCheck } from './check.ts';

export const accountSettings: SettingsCheck = function* ({ file, releaseName, server, release }) {
  if (releaseName === undefined || server.credentials.kind !== 'anonymous') return;
  const isOpen = connectionRules(releaseName).emptyBindAuthenticates;
  yield {
    code: 'ACCOUNT_MISSING',
    severity: isOpen ? 'error' : 'warning',
    subject: `${file}: [ldap] user, password`,
    message: isOpen
      ? `one of them is empty; ${release.title} then takes an empty password of any user for the right one`
      : 'one of them is empty; Keystone binds as nobody, and reads only what everybody may',
    remedy: 'Decide which account Keystone is to bind with, and write it into user and password of [ldap].',
  };
};
