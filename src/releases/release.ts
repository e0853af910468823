/** What one Keystone release expects of a directory and of keystone.conf. All of it is data. */
export interface Release {
  /** The name used in commands and file names, e.g. `2011.3`. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly title: string;
  /** The date of the commit or of the release, ISO 8601. */
  readonly date: string;
  /** Folder below `schema/keystone/`. */
  readonly schemaRevision: string;
  /** Where Keystone looks when no option tells it, as RDNs below the suffix. */
  readonly trees: Trees;
  readonly layout: Layout;
  readonly conf: ConfStyle;
  readonly nameRules: NameRules;
}

/** DNs (or, in a release's defaults, RDNs below the suffix) of the three containers. */
export interface Trees {
  readonly user: string;
  readonly tenant: string;
  readonly role: string;
}

export interface Layout {
  readonly user: EntryLayout & { readonly password: PasswordForm };
  readonly tenant: EntryLayout;
  readonly role: EntryLayout;
  /** A role in a tenant: a child `cn=<role>` of the tenant. */
  readonly grant: { readonly objectClasses: readonly string[]; readonly marker: string };
  /** The placeholder that keeps `groupOfNames` from being empty; byte for byte, Keystone compares it as text. */
  readonly dumbMember: string | undefined;
  /** What gives a user access to a tenant: its `member` values alone, or a role in it too. */
  readonly tenantAccess: 'member' | 'member-or-role';
}

export interface EntryLayout {
  /** In the order in which Keystone writes them. */
  readonly objectClasses: readonly string[];
  /** The class by which Keystone finds such entries. */
  readonly marker: string;
  /** The attribute of the RDN; its value is the id. */
  readonly rdn: 'cn' | 'uid';
  /** Whether the id is the name itself, or a random UUID with the name in `nameAttribute`. */
  readonly id: 'name' | 'uuid';
  readonly nameAttribute: string | undefined;
}

/**
 * `clear`: stored as given and checked by a bind as the user.
 * `sha512-crypt`: a bare `$6$` string that Keystone reads and compares; no bind.
 */
export type PasswordForm = 'clear' | 'sha512-crypt';

export interface ConfStyle {
  /** Whether the release reads the `*_tree_dn` options at all. */
  readonly treeOptions: boolean;
  /** What the parser replaces in values: `%(name)s` (Python's ConfigParser) or `$name` (oslo.config). */
  readonly interpolation: 'percent' | 'dollar';
  /** The trees of the code, complete DNs. */
  readonly defaultTrees: Trees;
}

/** What the release's own code cannot survive in names. */
export interface NameRules {
  /** The user's DN goes unescaped into a filter: some characters break every listing of users. */
  readonly userDnInFilter: boolean;
  /** Names beyond ASCII end in HTTP 500 at login. */
  readonly asciiOnly: boolean;
  /** SQL keeps user and tenant ids in INTEGER columns: `0042` and `42` share a token. */
  readonly integerColumns: boolean;
  /** A user in two tenants has two default tenants; which one is taken is chance. */
  readonly oneDefaultTenant: boolean;
}
