import { isPythonRegex } from '../python-regex.ts';
import { serviceOptions, type ReadOption } from '../service-options.ts';
import type { Finding } from '../finding.ts';
import type { FilesCheck } from './check.ts';

/** One symptom that the configuration alone tells. */
interface Symptom extends Pick<Finding, 'code' | 'severity' | 'remedy'> {
  /** What the finding is about. */
  readonly option: readonly [section: string, name: string];
  /** What is wrong, if it is. */
  readonly message: (read: ReadOption) => string | undefined;
}

const FERNET_TOKEN = 255;

const when = (isSo: boolean, message: string): string | undefined => (isSo ? message : undefined);

const textOf = (read: ReadOption, section: string, name: string): string => {
  const value = read(section, name);
  return typeof value === 'string' ? value : '';
};

const compliance = (read: ReadOption, name: string): string => textOf(read, 'security_compliance', name);

const SYMPTOMS: readonly Symptom[] = [
  {
    ...{ code: 'CACHE_OFF', severity: 'info', option: ['cache', 'enabled'] },
    message: (read) =>
      read('cache', 'enabled') === true
        ? when(
            read('cache', 'backend') === 'dogpile.cache.null',
            'the cache is on, and its backend keeps nothing; Keystone asks LDAP and its database each time',
          )
        : 'nothing is cached; Keystone asks LDAP and its database each time',
    remedy:
      'Decide which backend is to cache, such as oslo_cache.memcache_pool, and switch [cache] enabled on.',
  },
  {
    ...{ code: 'DATABASE_SQLITE', severity: 'info', option: ['database', 'connection'] },
    message: (read) =>
      when(
        textOf(read, 'database', 'connection').includes('sqlite'),
        'the database is SQLite, which checks no types and hardly migrates; it is for trials',
      ),
    remedy: 'Decide which database server is to be used, such as MariaDB.',
  },
  {
    ...{ code: 'DEBUG_ON', severity: 'info', option: ['DEFAULT', 'debug'] },
    message: (read) =>
      when(read('DEFAULT', 'debug') === true, 'Keystone logs more than a service in use should, and slower'),
    remedy: 'Set debug = false in [DEFAULT].',
  },
  {
    ...{ code: 'TOKEN_SIZE', severity: 'info', option: ['DEFAULT', 'max_token_size'] },
    message: (read) =>
      when(
        textOf(read, 'token', 'provider').includes('fernet') &&
          Number(read('DEFAULT', 'max_token_size')) > FERNET_TOKEN,
        `it is above ${FERNET_TOKEN}, which a Fernet token hardly ever exceeds; ids from LDAP may make it longer`,
      ),
    remedy: `Set max_token_size = ${FERNET_TOKEN} in [DEFAULT], unless the ids of users are long and shown as they are.`,
  },
  ...['certfile', 'keyfile'].map((name): Symptom => ({
    ...{ code: 'SAML_COMMA', severity: 'warning', option: ['saml', name] },
    message: (read) =>
      when(
        textOf(read, 'saml', name).includes(','),
        'there is a comma in the path, at which xmlsec1 parts its files; signing for other clouds fails',
      ),
    remedy: 'Decide where the file is to be: a path without a comma.',
  })),
  {
    ...{ code: 'PASSWORD_AGE', severity: 'warning', option: ['security_compliance', 'minimum_password_age'] },
    message: (read) => {
      const [least, most] = ['minimum_password_age', 'password_expires_days'].map((name) =>
        Number(read('security_compliance', name) ?? 0),
      ) as [number, number];
      return when(
        least > 0 && most > 0 && least >= most,
        `a password must be kept for ${least} days and expires after ${most}; a user of SQL cannot change it in time`,
      );
    },
    remedy:
      'Decide how long passwords are to last, and let minimum_password_age be less than password_expires_days. Passwords in LDAP are not concerned.',
  },
  {
    ...{ code: 'PASSWORD_REGEX', severity: 'warning', option: ['security_compliance', 'password_regex'] },
    message: (read) =>
      when(
        !isPythonRegex(compliance(read, 'password_regex')),
        'it is no regular expression; no user of SQL can change a password',
      ),
    remedy:
      'Decide what passwords are to be like, and correct it; Python reads it with its module re. Passwords in LDAP are not concerned.',
  },
  {
    ...{ code: 'PASSWORD_REGEX_UNEXPLAINED', severity: 'info' },
    option: ['security_compliance', 'password_regex_description'],
    message: (read) =>
      when(
        compliance(read, 'password_regex') !== '' && compliance(read, 'password_regex_description') === '',
        'there is a password_regex without it; who is refused a password is not told why',
      ),
    remedy: 'Decide how to say in words what password_regex asks for.',
  },
];

/** What the configuration says of the service itself, which `keystone-manage doctor` looks at too. */
export const serviceSettings: FilesCheck = function* (files) {
  const read = serviceOptions(files);
  if (read === undefined) return;
  for (const { code, severity, option, message, remedy } of SYMPTOMS) {
    const found = message(read);
    if (found === undefined) continue;
    const subject = `${files.mainPaths.at(-1) ?? ''}: [${option[0]}] ${option[1]}`;
    yield { code, severity, subject, message: found, remedy };
  }
};
