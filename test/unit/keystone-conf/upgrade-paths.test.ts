import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OSLO_CONFIG } from '../../../src/keystone-conf/conf-dialect.ts';
import { applyEdits } from '../../../src/keystone-conf/conf-edit.ts';
import { parseConf, type ConfDocument } from '../../../src/keystone-conf/document.ts';
import { effectiveNamed } from '../../../src/keystone-conf/effective-option.ts';
import { optionValue } from '../../../src/keystone-conf/option-value.ts';
import { upgradeConf } from '../../../src/keystone-conf/upgrade-conf.ts';
import { CATALOGUE, type ReleaseName } from '../../../src/releases/catalogue.ts';
import { driverOption, DRIVER_SECTIONS } from '../../../src/releases/driver-options.ts';
import { ldapOptionsOf } from '../../../src/releases/ldap-options.ts';
import type { OptionHistory } from '../../../src/releases/option-history.ts';
import { PLUGIN_OPTIONS, pluginIn } from '../../../src/releases/plugin-options.ts';

const RELEASES = CATALOGUE.map(({ name }) => name);

type Line = readonly [section: string, line: string];

/** A value that the option takes in every release that has it. */
function valuesOf({ type, limits, name }: OptionHistory): readonly string[] {
  if (limits?.choices !== undefined) return limits.choices;
  if (type === 'boolean') return ['true', 'False'];
  if (type === 'integer' || type === 'float') return ['7'];
  if (type === 'dn') return [`ou=${name},dc=a`, 'dc=a'];
  return type === 'list' ? ['enabled,email', 'tenant_id'] : ['some text', 'cn'];
}

/** A file of the release: any of the options of [ldap] and of the plugins that it has. */
function fileOf(release: ReleaseName): fc.Arbitrary<string> {
  const ldap = ldapOptionsOf(release).map(({ history, name }) =>
    fc.constantFrom(...valuesOf(history)).map((value): Line => ['ldap', `${name} = ${value}`]),
  );
  const drivers = DRIVER_SECTIONS.flatMap((section) => {
    const driver = driverOption(release, section);
    return driver === undefined
      ? []
      : [
          fc
            .constantFrom(driver.sql, driver.ldap ?? driver.sql)
            .map((kind): Line => [section, `driver = ${kind}`]),
        ];
  });
  const plugins = PLUGIN_OPTIONS.flatMap((option) => {
    const forms = option.plugins.flatMap((plugin) => {
      const form = pluginIn(release, option, plugin, plugin.name);
      return 'write' in form ? [form.write] : [];
    });
    return forms.length === 0
      ? []
      : [fc.constantFrom(...forms).map((form): Line => [option.section, `${option.option} = ${form}`])];
  });
  return fc
    .tuple(...[...ldap, ...drivers, ...plugins].map((line) => fc.option(line, { freq: 2 })))
    .map((lines) => {
      const sections = new Map<string, string[]>();
      for (const line of lines)
        if (line !== null) sections.set(line[0], [...(sections.get(line[0]) ?? []), line[1]]);
      return [...sections].map(([name, all]) => `[${name}]\n${all.join('\n')}\n`).join('');
    });
}

const drawn = fc
  .uniqueArray(fc.nat(RELEASES.length - 1), { minLength: 3, maxLength: 6, size: 'max' })
  .map((places) => places.toSorted((a, b) => a - b).flatMap((place) => RELEASES[place] ?? []))
  // Folsom alone has another user, password and e-mail attribute by default, and no option to say so beforehand.
  .filter(([first, second]) => first !== '2012.1' || second !== '2012.2')
  .chain((path) => fc.record({ path: fc.constant(path), text: fileOf(path[0] ?? '2012.1') }));

const upgraded = (doc: ConfDocument, from: ReleaseName, to: ReleaseName): ConfDocument =>
  applyEdits(doc, upgradeConf(doc, from, to).edits);

/** What the release finds in the file: each option of [ldap], set or not, and what else is set. */
function settings(doc: ConfDocument, release: ReleaseName): Readonly<Record<string, unknown>> {
  const ldap = ldapOptionsOf(release).map(({ name }) => [name, effectiveNamed(doc, release, name).value]);
  const set = doc.sections
    .filter(({ name }) => name !== 'ldap')
    .flatMap(({ name, options }) => options.map((option) => [name, option.name] as const))
    .map(([section, option]) => [`[${section}] ${option}`, optionValue(doc, section, option)] as const);
  return Object.fromEntries([...ldap, ...set]) as Record<string, unknown>;
}

test('step by step or in one leap, an upgrade comes out the same', () => {
  fc.assert(
    fc.property(drawn, ({ path, text }) => {
      const doc = parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG);
      const [from = '2012.1', ...steps] = path;
      const to = steps.at(-1) ?? from;
      const leap = upgraded(doc, from, to);
      const { doc: walked } = steps.reduce(
        ({ at, doc: before }, next) => ({ at: next, doc: upgraded(before, at, next) }),
        { at: from, doc },
      );
      expect(settings(walked, to)).toEqual(settings(leap, to));
    }),
    { seed: 12, numRuns: Number(process.env['UPGRADE_RUNS'] ?? 100) },
  );
}, 60_000);
