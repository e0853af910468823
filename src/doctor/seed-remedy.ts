/** What to do about an identity that is not as declared. */
export const SEED_REMEDY = 'Run "keystone-ldap seed" with the same options.';
