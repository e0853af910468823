/** The library: what the command line can do, a program can. Every failure is a `KeystoneLdapError`. */
export { ERROR_CODES, KeystoneLdapError, type ErrorCode, type Problem } from './errors.ts';
export { Secret } from './secret.ts';

export { clientOf, type ClientKind } from './releases/client-kind.ts';
export { DEFAULT_RELEASE, findRelease, RELEASES, treesBelow } from './releases/find-release.ts';
export {
  CATALOGUE,
  findInCatalogue,
  isSince,
  type CatalogueRelease,
  type ReleaseName,
} from './releases/catalogue.ts';
export { ldapOptionsOf, optionStatus, type LdapOption, type OptionStatus } from './releases/ldap-options.ts';
export { modernRelease } from './releases/modern.ts';
export type { LdapSettings } from './releases/layout-options.ts';
export type { Holding } from './releases/modern-layout.ts';
export type { EntryLayout, Layout, NameRules, PasswordForm, Release, Trees } from './releases/release.ts';

export type { Credentials, Session, SessionOptions } from './directory/session.ts';
export { openSession } from './directory/open-session.ts';
export { waitForSession } from './directory/wait-for-session.ts';
export { childDn, dnKey, equalDn, formatDn, isWithin, parentDn, parseDn, type Dn } from './directory/dn.ts';
export { hasObjectClass, valuesOf, type Attributes, type Entry, type NewEntry } from './directory/entry.ts';
export { isText, octetsOf, textOf } from './directory/octets.ts';
export { allOf, anyOf, equal, present, type Filter } from './directory/filter.ts';
export { formatLdif, type LdifEntry } from './directory/format-ldif.ts';
export { parseLdif, type LdifRecord } from './directory/ldif.ts';

export { compareSchema, type SchemaDifference } from './schema/compare-schema.ts';
export type { AttributeType, ObjectClass, Schema, SchemaElement } from './schema/definition.ts';
export { formatSchemaLdif, formatSchemaText } from './schema/format-schema.ts';
export { parseSchemaLdif } from './schema/parse-schema-ldif.ts';
export { parseSchemaText } from './schema/parse-schema-text.ts';
export { loadShippedSchema, SCHEMA_REVISIONS, shippedSchemaFiles } from './schema/shipped-schema.ts';

export { checkDomains } from './identities/check/check-domains.ts';
export { configJsonSchema } from './config/json-schema.ts';
export { loadConfig, type LoadedConfig } from './config/load-config.ts';
export type { ConfigInput } from './config/config-input.ts';
export type { Config } from './config/definition.ts';

export { checkNames } from './identities/check/check-names.ts';
export { clientScript } from './identities/sql/client-script.ts';
export type { ClientScriptOptions } from './identities/sql/script-content.ts';
export { divideIdentities, type DividedIdentities } from './identities/entries/divide-identities.ts';
export {
  NO_IDENTITIES,
  type Domain,
  type Grant,
  type Identities,
  type Role,
  type Tenant,
  type User,
} from './identities/identities.ts';
export { formatShellCommands, sqlCommands } from './identities/sql/keystone-manage-commands.ts';
export { loadIdentities } from './identities/read/load-identities.ts';
export { loadSampleData } from './identities/read/load-sample-data.ts';
export { parseIdentities } from './identities/read/parse-identities.ts';
export { refuseUnsafeNames, type NameFault, type NameFaultCode } from './identities/check/name-fault.ts';
export { hashSha512Crypt, verifySha512Crypt } from './identities/passwords/password-hash.ts';
export { publicId } from './identities/entries/public-id.ts';
export { withinScope } from './identities/entries/within-scope.ts';
export { runKeystoneManage } from './identities/sql/run-keystone-manage.ts';

export { applyEdits, type ConfEdit } from './keystone-conf/document/conf-edit.ts';
export { detectLegacyRelease } from './keystone-conf/legacy/detect-legacy-release.ts';
export { formatConf, parseConf, type ConfDocument } from './keystone-conf/document/document.ts';
export { replaceFile } from './keystone-conf/document/file.ts';
export { readLegacyConf, type LegacyConf } from './keystone-conf/legacy/read-legacy-conf.ts';
export { unifiedDiff } from './keystone-conf/document/unified-diff.ts';

export { apply, type Progress, type WaveListener } from './plan/apply/apply.ts';
export type { Change } from './plan/change.ts';
export { exportIdentities, type IdentityExport } from './export/export-identities.ts';
export type { ExportTarget } from './export/export-target.ts';
export { exportLdif } from './export/export-ldif.ts';
export { formatIdentities } from './export/format-identities.ts';

export { listRuns, readRun } from './history/journal-folder.ts';
export { JournalWriter, type RunFacts } from './history/journal-writer.ts';
export type { JournalRecord, RecordedRun, RunSummary } from './history/journal.ts';
export { planPrune, type PrunePlan, type PruneTarget } from './history/plan-prune.ts';
export { planReset } from './history/plan-reset.ts';
export { planUndo, type UndoPlan, type UndoPorts } from './history/plan-undo.ts';
export { Registry, registryDn } from './history/registry.ts';

export { applySystem, type ApplyPorts } from './system/apply-system.ts';
export type { Connection } from './system/connection.ts';
export type { IdentityModes } from './system/identity-target.ts';
export { planSystem } from './system/plan-system.ts';
export type { Activity, ActivityListener, ActivityProgress, RunPorts } from './system/ports.ts';
export { stepsOf, type SystemPlan } from './system/system-plan.ts';
export type {
  DeclaredConf,
  DeclaredServiceAccount,
  OpenSystem,
  SystemModes,
  SystemSpec,
} from './system/system-spec.ts';
export { undoRun, type UndoRunPorts } from './system/undo-run.ts';
export { withSystem, type SystemServer } from './system/with-system.ts';

export { fillSandbox } from './plan/fill-sandbox.ts';
export { passwordPolicy, type PasswordOptions } from './plan/identities/password-policy.ts';
export { observeConf, planConf, plannedBytes } from './plan/conf/plan-conf.ts';
export type { ConfPlan } from './plan/conf/conf-plan.ts';
export { planConfUpgrade } from './plan/conf/plan-conf-upgrade.ts';
export {
  planIdentities,
  type ExistingEntry,
  type IdentityTarget,
} from './plan/identities/plan-identities.ts';
export { planInit, type InitPorts } from './plan/plan-init.ts';
export type { InitTarget } from './plan/init-target.ts';
export type { ServiceAccountTarget } from './plan/access/plan-service-account.ts';

export { readBackends, type Backend, type BackendReading, type KeystoneServer } from './doctor/backend.ts';
export { connectAsKeystone, type KeystoneConnection } from './doctor/connect-as-keystone.ts';
export { doctor, type DoctorTarget, type Examined } from './doctor/doctor.ts';
export { FINDING_CODES, type Finding, type FindingCode } from './doctor/finding.ts';
export { readKeystoneFiles, type KeystoneFiles, type KeystoneSource } from './doctor/keystone-files.ts';
export {
  listGroups,
  listGroupUsers,
  listUsers,
  type GroupWithUsers,
  type ListedGroup,
  type ListedUser,
} from './doctor/list-entries.ts';
export {
  login,
  type LoginAnswer,
  type LoginTarget,
  type PublicIds,
  type TenantAccess,
} from './doctor/login.ts';
export { verify } from './doctor/verify.ts';
export type { VerifyTarget } from './doctor/verify-target.ts';
export { verifyModernConf } from './doctor/verify-modern-conf.ts';
export { verifyConf } from './doctor/verify-conf.ts';

export { fetchSlapd } from './sandbox/fetch-slapd.ts';
export { findSlapd } from './sandbox/find-slapd.ts';
export { startSandbox, type Sandbox, type SandboxOptions } from './sandbox/start-sandbox.ts';
