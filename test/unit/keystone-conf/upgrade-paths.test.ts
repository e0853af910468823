import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialectOfParser } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { applyEdits } from '../../../src/keystone-conf/document/conf-edit.ts';
import { formatConf, parseConf, type ConfDocument } from '../../../src/keystone-conf/document/document.ts';
import { effectiveNamed, effectiveTree } from '../../../src/keystone-conf/modern/effective-option.ts';
import { optionValue } from '../../../src/keystone-conf/document/option-value.ts';
import { upgradeConf } from '../../../src/keystone-conf/upgrade/upgrade-conf.ts';
import { CATALOGUE, releaseIndex, type ReleaseName } from '../../../src/releases/catalogue.ts';
import { confParser } from '../../../src/releases/conf-parser.ts';
import { defaultEmulationGroup, TREE_KINDS } from '../../../src/releases/default-trees.ts';
import { driverOption, DRIVER_SECTIONS } from '../../../src/releases/driver-options.ts';
import { findOptionHistory, ldapOptionsOf, optionNameIn } from '../../../src/releases/ldap-options.ts';
import { effectiveDefault, type OptionHistory } from '../../../src/releases/option-history.ts';
import { PLUGIN_OPTIONS, pluginIn } from '../../../src/releases/plugin-options.ts';
import { userFieldIn } from '../../../src/releases/user-fields.ts';
import { essexText, type SetOption } from '../../support/essex-writing.ts';

const RELEASES = CATALOGUE.map(({ name }) => name);
const RUNS = Number(process.env['UPGRADE_RUNS'] ?? 100);

/** A value that the option takes in every release that has it. */
function valuesOf({ type, limits, name }: OptionHistory): readonly string[] {
  if (limits?.choices !== undefined) return limits.choices;
  if (type === 'boolean') return ['true', 'False'];
  if (type === 'integer' || type === 'float') return ['7'];
  if (name === 'user' || name === 'password') return ['cn=a', '', 'a$$b%c;d', '"quoted"', "'", 'a " b'];
  if (type === 'dn') return [`ou=${name},dc=a`, 'dc=a', ...(name.endsWith('_dn') ? ['', '"dc=q"'] : [])];
  return type === 'list' ? ['enabled,email', 'tenant_id'] : ['some text', 'cn', '"cn"'];
}

/** Any of the options of [ldap] and of the plugins that the release has. */
function optionsOf(release: ReleaseName): fc.Arbitrary<readonly SetOption[]> {
  const ldap = ldapOptionsOf(release).map(({ history, name }) =>
    fc.constantFrom(...valuesOf(history)).map((value): SetOption => ['ldap', name, value]),
  );
  const drivers = DRIVER_SECTIONS.flatMap((section) => {
    const driver = driverOption(release, section);
    return driver === undefined
      ? []
      : [
          fc
            .constantFrom(driver.ldap ?? driver.sql, driver.sql)
            .map((kind): SetOption => [section, 'driver', kind]),
        ];
  });
  const plugins = PLUGIN_OPTIONS.flatMap(({ section, option, plugins: own, ...more }) => {
    const forms = own.flatMap((plugin) => {
      const form = pluginIn(release, { section, option, plugins: own, ...more }, plugin, plugin.name);
      return 'write' in form ? [form.write] : [];
    });
    return forms.length === 0
      ? []
      : [fc.constantFrom(...forms).map((form): SetOption => [section, option, form])];
  });
  return fc
    .tuple(...[...ldap, ...drivers, ...plugins].map((option) => fc.option(option, { freq: 2 })))
    .map((options) => options.filter((option) => option !== null));
}

/** A file of the release, as its parser reads it. */
function fileOf(release: ReleaseName): fc.Arbitrary<string> {
  return optionsOf(release).chain((options) => {
    if (confParser(release) === 'ConfigParser') return essexText(options);
    const sections = [...new Set(options.map(([section]) => section))];
    const texts = sections.map((section) => {
      const own = options.filter(([name]) => name === section);
      return `[${section}]\n${own.map(([, option, value]) => `${option} = ${value}\n`).join('')}`;
    });
    return fc.constant(texts.join(''));
  });
}

/** The releases with a dialect, names or defaults of their own, and any other. */
const starts = fc.oneof(
  ...(['2012.1', '2012.2', '2013.1', 'liberty'] as const).map((name) => fc.constant(name)),
  fc.constantFrom(...RELEASES.slice(0, -2)),
);

/** From a release to a newer one, over all in between or some. */
const paths = starts.chain((start) => {
  const later = RELEASES.slice(releaseIndex(start) + 1);
  return fc
    .oneof(
      fc.integer({ min: 2, max: later.length }).map((count) => later.slice(0, count)),
      fc.subarray(later, { minLength: 2 }),
    )
    .map((steps) => ({ start, steps }));
});

const drawn = paths.chain(({ start, steps }) =>
  fc.record({ start: fc.constant(start), steps: fc.constant(steps), text: fileOf(start) }),
);

const read = (text: string | Buffer, release: ReleaseName): ConfDocument =>
  parseConf(Buffer.from(text), 'keystone.conf', dialectOfParser(confParser(release)));

/** The file as the newer release finds it, from its bytes. */
function upgraded(before: ConfDocument, from: ReleaseName, to: ReleaseName): ConfDocument {
  const { doc, edits } = upgradeConf(before, from, to);
  return read(formatConf(applyEdits(doc, edits)), to);
}

/** What the release finds in the file: each option of [ldap], set or not, and what else is set. */
function settings(doc: ConfDocument, release: ReleaseName): Readonly<Record<string, unknown>> {
  const ldap = ldapOptionsOf(release).map(({ name }) => [name, effectiveNamed(doc, release, name).value]);
  const trees = TREE_KINDS.map((kind) => [`tree of ${kind}`, effectiveTree(doc, release, kind)]);
  const groups = (['user', 'project'] as const).map((kind) => [
    `enabled ${kind}s`,
    emulationGroup(doc, release, kind),
  ]);
  const set = doc.sections
    .filter(({ name }) => name !== 'ldap')
    .flatMap(({ name, options }) => options.map((option) => [name, option.name] as const))
    .map(([section, option]) => [`[${section}] ${option}`, optionValue(doc, section, option)] as const);
  return Object.fromEntries([...ldap, ...trees, ...groups, ...set]) as Record<string, unknown>;
}

function emulationGroup(doc: ConfDocument, release: ReleaseName, kind: 'user' | 'project'): unknown {
  const value = (end: string) => {
    const name = optionNameIn(release, `${kind}_enabled_emulation${end}`);
    const isKnown = ldapOptionsOf(release).some((option) => option.name === name);
    return isKnown ? effectiveNamed(doc, release, name).value : undefined;
  };
  if (value('') !== true) return undefined;
  return value('_dn') || defaultEmulationGroup(release, kind, effectiveTree(doc, release, kind));
}

test('step by step or in one leap, an upgrade comes out the same', () => {
  fc.assert(
    fc.property(drawn, ({ start, steps, text }) => {
      const doc = read(text, start);
      const to = steps.at(-1) ?? start;
      const leap = upgraded(doc, start, to);
      const walked = steps.reduce(
        ({ at, doc: before }, next) => ({ at: next, doc: upgraded(before, at, next) }),
        { at: start, doc },
      );
      expect(settings(walked.doc, to)).toEqual(settings(leap, to));
    }),
    { seed: 12, numRuns: RUNS },
  );
}, 60_000);

test('what Essex did with its file, the newer release does, and a second run changes nothing', () => {
  const essex = fc.record({
    text: optionsOf('2012.1')
      .map((options) => options.filter(([section]) => section === 'ldap'))
      .chain((options) => essexText([...options, ['identity', 'driver', LDAP]])),
    to: fc.constantFrom(...RELEASES.slice(1)),
  });
  fc.assert(
    fc.property(essex, ({ text, to }) => {
      const before = read(text, '2012.1');
      const after = upgraded(before, '2012.1', to);
      const again = upgraded(read(formatConf(after), '2012.1'), '2012.1', to);
      expect(formatConf(again).toString()).toBe(formatConf(after).toString());
      for (const { name, history } of ldapOptionsOf(to)) {
        const older = findOptionHistory('ldap', optionNameIn('2012.1', name)) ?? history;
        // The connection's default is new, and harms nobody: Essex does not work without a url.
        if (!hadMeaning(older) || name === 'url' || TREE.test(name)) continue;
        const was = effectiveNamed(before, '2012.1', older.name).value;
        expect([name, effectiveNamed(after, to, name).value]).toEqual([name, fieldsIn(to, was)]);
      }
      for (const kind of ['user', 'project', 'role'] as const)
        if (ldapOptionsOf(to).some(({ name }) => name === optionNameIn(to, `${kind}_tree_dn`)))
          expect(effectiveTree(after, to, kind)).toBe(effectiveTree(before, '2012.1', kind));
    }),
    { seed: 12, numRuns: RUNS },
  );
}, 60_000);

const LDAP = 'keystone.identity.backends.ldap.Identity';
const TREE = /_tree_dn$/;

/** Whether Essex had the option, or did something in its stead. */
function hadMeaning(history: OptionHistory): boolean {
  return (
    effectiveDefault(history, '2012.1') !== undefined ||
    ldapOptionsOf('2012.1').some(({ name }) => name === history.name)
  );
}

function fieldsIn(release: ReleaseName, value: unknown): unknown {
  return Array.isArray(value) ? value.map((field) => userFieldIn(release, String(field))) : value;
}
