import { isSince, releaseIndex, type ReleaseName } from './catalogue.ts';

/** What a release asks of the settings by which it connects to LDAP. */
export interface ConnectionRules {
  /** Until Juno, a CA file counted for StartTLS only; `ldaps://` went by ldap.conf. */
  readonly caCountsForLdaps: boolean;
  /** It does not start with TLS of either kind unless a CA is named. */
  readonly caRequired: boolean;
  /** With an empty user or password it binds as nobody, and an empty password then logs anybody in. */
  readonly emptyBindAuthenticates: boolean;
}

export function connectionRules(release: ReleaseName): ConnectionRules {
  return {
    caCountsForLdaps: isSince(release, '2014.2'),
    caRequired: isSince(release, '2023.2'),
    emptyBindAuthenticates: isSince(release, '2012.2') && releaseIndex(release) < releaseIndex('2013.2'),
  };
}

/** Values without which the release cannot work on the standard schema. */
export interface NeededOption {
  readonly name: string;
  readonly value: string;
  /** The field of a user that needs it: no need where the user's fields to ignore include it. */
  readonly field: string;
}

/** Until Juno, the mail address goes to `email` by default, which no standard class of a user allows. */
export function neededOptions(release: ReleaseName): readonly NeededOption[] {
  const needed = isSince(release, '2013.1') && releaseIndex(release) < releaseIndex('2014.2');
  return needed ? [{ name: 'user_mail_attribute', value: 'mail', field: 'email' }] : [];
}
