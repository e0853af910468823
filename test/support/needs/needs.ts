/** What tests need that a machine may lack, and the packages of Debian and Ubuntu that bring it. */
export const NEEDS = {
  slapd: ['slapd'],
  network: [],
  'ldap-utils': ['ldap-utils'],
  Keystone: ['python3-keystone', 'python3-ldap', 'python3-ldappool', 'memcached'],
  'Keystone 22': ['python3-keystone', 'python3-ldap', 'python3-ldappool'],
  'Keystone 27': [],
  'Keystone 30': [],
  'container engine': ['docker.io', 'docker-compose'],
  python3: ['python3'],
  'pytest with python-ldap': ['python3-pytest', 'python3-ldap'],
  openssl: ['openssl'],
  bash: ['bash'],
  zsh: ['zsh'],
  fish: ['fish'],
  'man and mandoc': ['man-db', 'mandoc'],
  script: ['bsdutils'],
  'npm registry': [],
  root: [],
  'acl and attr': ['acl', 'attr'],
} as const satisfies Record<string, readonly string[]>;

export type Need = keyof typeof NEEDS;

/** Why a need is not met, in a line; what is met is not in it. */
export type Lacks = Readonly<Partial<Record<Need, string>>>;

declare module 'vitest' {
  interface ProvidedContext {
    readonly lacks: Lacks;
  }

  interface TaskMeta {
    /** What a skipped test lacks, with the reason. */
    lacks?: Lacks;
  }
}
