import type { ConfParser } from './conf-parser.ts';
import type { OptionValue } from './option-history.ts';

/** What one Keystone release expects of a directory and of keystone.conf. All of it is data. */
export interface Release {
  /** The name used in commands and file names, e.g. `2011.3`. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** The point release, or the package, that was asked for: what older ones of the series lack is then known. */
  readonly version?: string | undefined;
  readonly title: string;
  /** The date of the commit or of the release, ISO 8601. */
  readonly date: string;
  readonly schema: SchemaNeed;
  /** Where entries are when no option tells it, as RDNs below the suffix. */
  readonly trees: Trees;
  readonly layout: Layout;
  readonly conf: ConfStyle;
  readonly nameRules: NameRules;
  /** Where the code of 2011 fails; absent from Essex (2012.1) on. */
  readonly legacy?: LegacyBehaviour | undefined;
}

/** What the code of 2011 does with entries that it did not make. Each was measured or read at the release's own tag. */
export interface LegacyBehaviour {
  /** Whether the answer to a login has the tenant and the roles in it: one that is not found by its id ends in HTTP 500. */
  readonly namesTenantAndRoles: boolean;
  /** The users of a tenant, one of whose roles has a member that is not a user. */
  readonly danglingInTenantRole: 'HTTP 500' | 'harmless';
  /** Any login of a user whose default tenant is disabled, also one that names another tenant. */
  readonly disabledDefaultTenant: 'HTTP 403' | 'let in';
  /** A login with a password that is not ASCII. */
  readonly nonAsciiPassword: 'HTTP 500' | 'HTTP 401' | 'let in';
  readonly manage: KeystoneManageStyle;
}

/** How the release's `keystone-manage` is called. */
export interface KeystoneManageStyle {
  /** Where the configuration file is named: `-c FILE` before the command, or `--config-file FILE` after it. */
  readonly configFile: '-c before' | '--config-file after';
  /** Whether a service must have a word for its type, which may be empty. */
  readonly typedServices: boolean;
  /** Whether it adds credentials. */
  readonly credentials: boolean;
  /** Whether it adds tokens without a tenant. */
  readonly unscopedTokens: boolean;
}

/** A revision of Keystone's own schema (a folder below `schema/keystone/`), or modules that OpenLDAP ships. */
export type SchemaNeed =
  | { readonly kind: 'revision'; readonly revision: string }
  | { readonly kind: 'modules'; readonly modules: readonly string[] };

/** The kinds of entries that a release may keep in LDAP; a tenant is what later releases call a project. */
export const ENTRY_KINDS = ['tenant', 'user', 'role', 'group', 'domain'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Those that may be disabled. */
export const ENABLED_KINDS = ['user', 'tenant', 'domain'] as const satisfies readonly EntryKind[];
export type EnabledKind = (typeof ENABLED_KINDS)[number];

/** DNs (or, in a release's defaults, RDNs below the suffix) of the containers of what LDAP holds. */
export type Trees = { readonly user: string } & {
  readonly [K in Exclude<EntryKind, 'user'>]?: string | undefined;
};

/** How entries look. A kind that LDAP does not hold has no layout. */
export interface Layout {
  readonly user: UserLayout;
  readonly tenant?: EntryLayout | undefined;
  readonly role?: EntryLayout | undefined;
  readonly group?: EntryLayout | undefined;
  readonly domain?: EntryLayout | undefined;
  readonly grant?: GrantLayout | undefined;
  readonly placeholder: Placeholder | undefined;
  readonly lookup: Lookup;
  /** How far below a tree Keystone looks. */
  readonly scope: 'one' | 'sub';
  /** What gives a user access to a tenant: its `member` values alone, a role in it too, or a role alone. */
  readonly tenantAccess: 'member' | 'member-or-role' | 'role';
  /** Whether the first tenant found that has a user as a member is the user's default tenant. */
  readonly membershipIsDefault: boolean;
  /**
   * What becomes of a list with an entry that has no attribute of ids: Juno and Kilo (2014.2, 2015.1) fail, from Liberty on it
   * is left out.
   */
  readonly entryWithoutId: 'listed' | 'HTTP 404' | 'left out';
  /** Whether an entry without a name, or with a blank one, is none to Keystone: from Pike on. */
  readonly dropsNameless?: boolean;
  /** The role that stands for "is a member of the tenant" where only roles give access. */
  readonly memberRole?: { readonly id: string; readonly name: string } | undefined;
  /** The domain of everything that names none, where LDAP holds domains. */
  readonly defaultDomain?: { readonly id: string; readonly name: string } | undefined;
}

/**
 * How Keystone gets to the entry behind an id, and behind the DN of a member.
 * `dn`: it computes the DN of an id, and reads a member's; one that is no user ends in HTTP 500.
 * `rdns`: it searches for the id, and the value of its RDN is the id of every entry, and of a member, until Icehouse (2014.1).
 * `rdn`: it searches for the id, and takes the value of a member's RDN for one, until Stein.
 * `id`: the same, but it reads the id from the entry where the RDN is of another type than ids are.
 */
export type Lookup = 'dn' | 'rdns' | 'rdn' | 'id';

export interface EntryLayout {
  /** In the order in which Keystone writes them. */
  readonly objectClasses: readonly string[];
  /** The class by which Keystone finds such entries. */
  readonly marker: string;
  /** The attribute of the RDN; its value is the id. */
  readonly rdn: string;
  /** Whether the id is the name itself, or a random UUID with the name in `nameAttribute`. */
  readonly id: 'name' | 'uuid';
  /** Where Keystone reads the name, if that is not the attribute of the RDN. */
  readonly nameAttribute: string | undefined;
  /** Further attributes that the classes demand and Keystone does not mind; they get the name. */
  readonly required: readonly string[];
  /** The attribute of the description; absent where the release can store none. */
  readonly description: string | undefined;
  /** The attribute of the id of the domain; absent where domains are no matter of LDAP. */
  readonly domain?: string | undefined;
  /** The attribute of the members; absent where such an entry has none. */
  readonly members: string | undefined;
  /** What a member is named by. */
  readonly membersAre: 'dns' | 'ids';
  /** What listing the users of an entry with an unknown member ends in; absent if it is passed over. */
  readonly unknownMember?: 'HTTP 404' | undefined;
  /** A filter that entries must fit besides, in the string form of RFC 4515. */
  readonly filter: string | undefined;
  readonly enabled: EnabledForm;
  /** Whether Keystone shows the entry without its name, by which it finds it all the same. */
  readonly ignoresName?: boolean;
  /** Why Keystone fails at every such entry: a sentence's main clause. */
  readonly unusable?: string | undefined;
  /** Why Keystone fails once it needs to know what a member is named by: a sentence's main clause. */
  readonly unreadableMembers?: string | undefined;
  /** Where members are found by a rule of Active Directory: by the groups, or from 28.0.0 on by the users. */
  readonly nesting?: { readonly members: 'of group' | 'of user' } | undefined;
}

export interface UserLayout extends EntryLayout {
  readonly password: PasswordForm;
  readonly passwordAttribute: string;
  /** The attribute of the e-mail; absent where the release can store none. */
  readonly email: string | undefined;
  /** What Keystone makes a number of, if it is to look at single bits. */
  readonly masked?:
    | {
        readonly attribute: string;
        readonly absent: string;
        readonly isIgnored: boolean;
        /** Whether the mask is written with no value, at which Keystone fails with every user. */
        readonly isEmpty?: boolean;
      }
    | undefined;
  /** Why nobody can log in: a sentence's main clause. */
  readonly refusesAll?: string | undefined;
}

/** A role in a tenant: a child of the tenant, named by the id of the role. */
export interface GrantLayout {
  readonly objectClasses: readonly string[];
  readonly marker: string;
  readonly rdn: string;
  readonly members: string;
  /** Holds the DN of the role. */
  readonly roleAttribute: string | undefined;
}

/** How `enabled` is kept. */
export type EnabledForm =
  /** An attribute with one of two values; with a mask, a number of which some bits mean "disabled". */
  | {
      readonly kind: 'attribute';
      readonly attribute: string;
      readonly enabled: string;
      readonly disabled: string;
      /** What an entry without the attribute is; `undefined` where there can be none. */
      readonly absent: boolean | undefined;
      readonly mask?: number;
      /** How the value is read; absent where `true` in any case is true, and all else is false. */
      readonly reads?: EnabledReading;
    }
  /** Membership in a group: without the group everybody is disabled. `dn` unless it is `rdn` below the tree. */
  | {
      readonly kind: 'group';
      readonly rdn: string;
      readonly dn?: string | undefined;
      readonly marker: string;
      readonly members: string;
      readonly membersAre: EntryLayout['membersAre'];
    }
  /** Nothing in an entry of the standard classes disables it. A class of somebody else may have the attribute. */
  | { readonly kind: 'always'; readonly unlessRead?: EnabledAttribute };

/** What Keystone makes of a value that says who is enabled. What it makes nothing of stays text, which counts as true. */
export interface EnabledReading {
  /** Whether a whole number is one, of which 0 is false. */
  readonly numbers: boolean;
  /** `any`: true in any case is true, all else is false. `capitals`: TRUE and FALSE. */
  readonly words: 'any' | 'capitals' | 'none';
}

/** See {@link EnabledForm}. */
export type EnabledAttribute = Extract<EnabledForm, { kind: 'attribute' }>;

/** The member that keeps `groupOfNames` from being empty; byte for byte, old releases compare it as text. */
export interface Placeholder {
  readonly dn: string;
  /** Keystone itself puts it everywhere where it uses it, and later takes other members out. */
  readonly use: 'always' | 'where empty';
}

/**
 * `clear`: stored as given and checked by a bind as the user.
 * `compared`: stored as given, read by Keystone and compared as text; no bind.
 * `sha512-crypt`: a bare `$6$` string that Keystone reads and compares; no bind.
 * `ssha`: a hash that the server knows, checked by a bind as the user.
 */
export type PasswordForm = 'clear' | 'compared' | 'sha512-crypt' | 'ssha';

export type ConfStyle = LegacyConfStyle | OsloConfStyle;

/** `[keystone.backends.ldap]`, until January 2012. */
export interface LegacyConfStyle {
  readonly kind: 'legacy';
  /** Whether the release reads the `*_tree_dn` options at all. */
  readonly treeOptions: boolean;
  /** Whether it reads `*_id_attr`, `*_structural_classes` and `use_dumb_member`. */
  readonly entryOptions: boolean;
  /**
   * What the parser makes of `%` in values. `ConfigParser`: it replaces `%(name)s` and leaves the rest alone.
   * `SafeConfigParser`: `%%` stands for `%`, and a single one is an error.
   */
  readonly interpolation: 'ConfigParser' | 'SafeConfigParser';
  /** The option of `[DEFAULT]` without which passwords are compared as text; absent where none decides. */
  readonly hashOption: string | undefined;
  /** The trees of the code, complete DNs. */
  readonly defaultTrees: { readonly user: string; readonly tenant: string; readonly role: string };
}

/** `[identity]`, `[ldap]` and what was split off them, from Essex on. */
export interface OsloConfStyle {
  readonly kind: 'oslo';
  readonly parser: ConfParser;
  /** Options of `[ldap]` that make Keystone read the layout. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Those of them that nobody asked for: with them the release is best run on a directory of its own. */
  readonly usual: readonly string[];
  /** The further sections whose data LDAP holds. */
  readonly serves: readonly ('assignment' | 'resource' | 'role')[];
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
  /** Values that look like numbers or truth values are read as such. */
  readonly convertsValues: boolean;
}
