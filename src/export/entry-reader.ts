import { dnKey, equalDn, formatDn, parentDn, parseDn, rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { equal } from '../directory/filter.ts';
import { libldapFilter } from '../directory/libldap-filter.ts';
import type { Session } from '../directory/session.ts';
import { EnabledModel } from '../identities/entries/enabled-model.ts';
import { emulationGroupDn } from '../identities/entries/emulation-group.ts';
import { localId } from '../identities/entries/local-id.ts';
import { faultOfText } from '../identities/read/read-value.ts';
import { grantLayoutOf, kindsIn, layoutOf, mappedAttributes, treeOf } from '../releases/layout-of.ts';
import { ENABLED_KINDS, type EnabledKind, type EntryKind, type Layout } from '../releases/release.ts';
import type { ExportTarget } from './export-target.ts';
import type { ExportReport } from './export-report.ts';
import type { ExportedItem } from './exported-item.ts';
import { MemberNames } from './member-names.ts';
import { carriedPassword } from './carried-password.ts';
import { reportUnknown } from './report-unknown.ts';

/** Reads entries of a layout as identities. */
export class EntryReader {
  readonly #session: Session;
  readonly #target: ExportTarget;
  readonly #layout: Layout;
  readonly #report: ExportReport;
  readonly #names = new MemberNames();
  readonly #enabled: EnabledModel;

  constructor(session: Session, target: ExportTarget, report: ExportReport) {
    this.#session = session;
    this.#target = target;
    this.#layout = target.release.layout;
    this.#report = report;
    this.#enabled = new EnabledModel(session, { layout: this.#layout, trees: target.trees });
  }

  /** What members are called, before any of them is named. */
  async learn(): Promise<void> {
    for (const kind of kindsIn(this.#target.trees))
      for await (const { entry, name, id } of this.#named(kind))
        this.#names.add(kind, name, { dn: entry.dn, id });
  }

  /** The default domain goes without saying. */
  async *domains(): AsyncGenerator<ExportedItem> {
    for await (const { entry, ...named } of this.#named('domain')) {
      const values = await this.#common('domain', entry, named);
      const isTold = values.description !== undefined || values.enabled !== undefined;
      if (isTold || named.id !== this.#layout.defaultDomain?.id) yield { list: 'domains', values };
    }
  }

  async *tenants(): AsyncGenerator<ExportedItem> {
    for await (const { entry, ...named } of this.#named('tenant')) {
      const values = {
        ...(await this.#common('tenant', entry, named)),
        members: this.#members('tenant', entry),
      };
      yield { list: 'tenants', values };
    }
  }

  async *users(): AsyncGenerator<ExportedItem> {
    const { email } = this.#layout.user;
    for await (const { entry, ...named } of this.#named('user')) {
      const values = {
        ...(await this.#common('user', entry, named)),
        email: this.#text('user', entry, email),
        password_hash: carriedPassword(entry, this.#target, this.#report),
      };
      yield { list: 'users', values };
    }
  }

  async *roles(): AsyncGenerator<ExportedItem> {
    for await (const { entry, ...named } of this.#named('role')) {
      const service = this.#text('role', entry, 'serviceId');
      yield { list: 'roles', values: { ...(await this.#common('role', entry, named)), service } };
    }
  }

  async *groups(): AsyncGenerator<ExportedItem> {
    for await (const { entry, ...named } of this.#named('group')) {
      const values = {
        ...(await this.#common('group', entry, named)),
        members: this.#members('group', entry),
      };
      yield { list: 'groups', values };
    }
  }

  async *globalGrants(): AsyncGenerator<ExportedItem> {
    for await (const { entry, name: role } of this.#named('role'))
      for (const user of this.#members('role', entry) ?? []) yield { list: 'grants', values: { role, user } };
  }

  async *tenantGrants(): AsyncGenerator<ExportedItem> {
    const { marker, members } = grantLayoutOf(this.#layout);
    const base = treeOf(this.#target.trees, 'tenant');
    const filter = equal('objectClass', marker);
    for await (const entry of this.#session.search({ base, scope: 'sub', filter, attributes: [members] })) {
      const tenant = this.#names.ofDn(parentDn(entry.dn));
      const role = this.#names.ofId('role', rdnOf(entry.dn).value);
      if (tenant?.kind !== 'tenant') continue; // a role in a tree of roles and tenants
      if (role === undefined) this.#report.add('a role in a tenant that there is no more', entry.dn);
      else
        for (const value of this.#withoutPlaceholder(valuesOf(entry, members))) {
          const holder = this.#names.ofDn(value);
          if (holder?.kind === 'user' || holder?.kind === 'group')
            yield { list: 'grants', values: { role, [holder.kind]: holder.name, tenant: tenant.name } };
          else this.#report.add('a holder of a role who is no user or group', entry.dn);
        }
    }
  }

  /** The entries that Keystone finds, each with its name. */
  async *#named(kind: EntryKind): AsyncGenerator<{ entry: Entry; name: string; id: string }> {
    const layout = layoutOf(this.#layout, kind);
    const { marker, filter, nameAttribute } = layout;
    const condition = equal('objectClass', marker);
    const request = {
      base: treeOf(this.#target.trees, kind),
      scope: this.#layout.scope,
      filter: libldapFilter(filter === undefined ? condition : `(&${condition}${filter})`),
      attributes: ['*', ...mappedAttributes(this.#layout)],
    };
    const groups = ENABLED_KINDS.filter((one) => this.#layout[one]?.enabled.kind === 'group').map((one) =>
      dnKey(emulationGroupDn(one, { layout: this.#layout, trees: this.#target.trees })),
    );
    for await (const entry of this.#session.search(request)) {
      if (groups.includes(dnKey(entry.dn)) || this.#isGrant(kind, entry)) continue;
      const id = localId(entry, layout, this.#layout.lookup);
      const name = nameAttribute === undefined ? id : valuesOf(entry, nameAttribute)[0];
      if (name === undefined)
        this.#report.add(`a ${kind} without ${nameAttribute ?? ''}, its name`, entry.dn);
      else if (faultOfText(name) !== undefined)
        this.#report.add(`a ${kind} whose name ${faultOfText(name) ?? ''}`, entry.dn);
      else yield { entry, name, id };
    }
  }

  /** Roles and roles in tenants have one class from Essex on; where the trees are one, the place tells them apart. */
  #isGrant(kind: EntryKind, { dn }: Entry): boolean {
    if (kind !== 'role' || this.#layout.scope === 'one') return false;
    return (
      !equalDn(parentDn(dn), treeOf(this.#target.trees, 'role')) &&
      this.#names.ofDn(parentDn(dn)) !== undefined
    );
  }

  async #common(kind: EntryKind, entry: Entry, { name, id }: { readonly name: string; readonly id: string }) {
    const { description, domain } = layoutOf(this.#layout, kind);
    const domainId = domain === undefined ? undefined : valuesOf(entry, domain)[0];
    reportUnknown(entry, { kind, name }, this.#layout, this.#report);
    return {
      name,
      // Also where it is the name: another release would give it another one.
      id: this.#target.withIds === false ? undefined : this.#carried(kind, entry, 'id', id),
      description: this.#text(kind, entry, description),
      domain: this.#domainName(domainId),
      below: unitsAbove(entry.dn, treeOf(this.#target.trees, kind)),
      enabled: isSwitched(kind) && !(await this.#enabled.isEnabled(kind, entry, id)) ? false : undefined,
    };
  }

  #text(kind: EntryKind, entry: Entry, attribute: string | undefined): string | undefined {
    const [value] = attribute === undefined ? [] : valuesOf(entry, attribute);
    return value === undefined ? undefined : this.#carried(kind, entry, attribute ?? '', value);
  }

  /** The value, if identities can hold it: octets that are not text stay in the directory, and so do several lines. */
  #carried(kind: EntryKind, entry: Entry, what: string, value: string): string | undefined {
    const fault = faultOfText(value);
    if (fault === undefined) return value;
    this.#report.add(`${what} of a ${kind}, which ${fault}`, entry.dn);
    return undefined;
  }

  #domainName(id: string | undefined): string | undefined {
    if (id === undefined || id === this.#layout.defaultDomain?.id) return undefined;
    return this.#names.ofId('domain', id);
  }

  #members(kind: EntryKind, entry: Entry): readonly string[] | undefined {
    const { members, membersAre } = layoutOf(this.#layout, kind);
    const values = members === undefined ? [] : this.#withoutPlaceholder(valuesOf(entry, members));
    const names = values.flatMap((value) => {
      const name = membersAre === 'ids' ? this.#names.ofId('user', value) : this.#userName(value);
      if (name === undefined) this.#report.add(`a member of a ${kind} who is no user`, entry.dn);
      return name ?? [];
    });
    return names.length === 0 ? undefined : names;
  }

  #userName(dn: string): string | undefined {
    const found = this.#names.ofDn(dn);
    return found?.kind === 'user' ? found.name : undefined;
  }

  #withoutPlaceholder(values: readonly string[]): readonly string[] {
    const { placeholder } = this.#layout;
    return placeholder === undefined ? values : values.filter((value) => !equalDn(value, placeholder.dn));
  }
}

function isSwitched(kind: EntryKind): kind is EnabledKind {
  return ENABLED_KINDS.some((one) => one === kind);
}

/** What lies between an entry and its tree. */
function unitsAbove(dn: string, tree: string): string | undefined {
  const path = parseDn(dn);
  const between = path.slice(1, path.length - parseDn(tree).length);
  return between.length === 0 ? undefined : formatDn(between);
}
