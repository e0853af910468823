/** What keystone.conf calls the options by which Keystone connects, for sentences. */
export interface ServerOptionNames {
  readonly url: string;
  readonly account: string;
  readonly tls: string;
}

export const OPTIONS_OF_LDAP: ServerOptionNames = {
  url: '[ldap] url',
  account: 'user and password of [ldap]',
  tls: 'with use_tls = true, or with ldaps:// in url, and its CA in tls_cacertfile',
};

/** In 2011. Only ldap.conf of libldap names a CA. */
export const OPTIONS_OF_2011: ServerOptionNames = {
  url: 'ldap_url of [keystone.backends.ldap]',
  account: 'ldap_user and ldap_password of [keystone.backends.ldap]',
  tls: 'with ldaps:// in ldap_url, and its CA in ldap.conf (TLS_CACERT)',
};
