import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OSLO_CONFIG } from '../../src/keystone-conf/document/conf-dialect.ts';
import { applyEdits } from '../../src/keystone-conf/document/conf-edit.ts';
import { formatConf, parseConf } from '../../src/keystone-conf/document/document.ts';
import { upgradeConf } from '../../src/keystone-conf/upgrade/upgrade-conf.ts';
import { CATALOGUE, releaseIndex, type ReleaseName } from '../../src/releases/catalogue.ts';
import { driverOption, DRIVER_SECTIONS } from '../../src/releases/driver-options.ts';
import {
  AUTH_METHODS,
  CACHE_BACKENDS,
  PLUGIN_OPTIONS,
  pluginIn,
  type PluginOption,
} from '../../src/releases/plugin-options.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { runPython } from '../support/run-oslo-config.ts';

/** Has Keystone load all drivers and methods that each file names, as it does when it starts; each in its own process. */
const LOAD = `
import json, os, sys
from importlib.metadata import distribution
import keystone.conf
from keystone.auth import core
from keystone.server import backends
from keystone.common import cache

# Once for all: what takes time is reading the code.
for entry in distribution('keystone').entry_points:
    if entry.group.startswith('keystone.'):
        entry.load()

def load(path):
    keystone.conf.configure()
    keystone.conf.CONF([], project='keystone', default_config_files=[path], default_config_dirs=[])
    cache.configure_cache()
    backends.load_backends()
    core.load_auth_methods()

faults = []
for path in json.load(sys.stdin):
    reader, writer = os.pipe()
    if os.fork() == 0:
        try:
            load(path)
            fault = ''
        except BaseException as error:
            fault = '%s: %s' % (type(error).__name__, error)
        os.write(writer, fault.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        faults.append(said.read())
    os.wait()
print(json.dumps(faults))`;

/** All the forms in which the release takes a plugin of this option. */
function formsIn(release: ReleaseName, option: PluginOption): readonly string[] {
  return option.plugins.flatMap((plugin) =>
    [plugin.name, ...plugin.paths.map(([path]) => path)].filter((written) => {
      const form = pluginIn(release, option, plugin, written);
      return 'write' in form && (form.write === written || releaseIndex(release) >= releaseIndex('liberty'));
    }),
  );
}

type Line = readonly [section: string, line: string];

/** A file of the release with plugins of its time, each option set or not. */
const arbitraryFile = fc
  .constantFrom(
    ...CATALOGUE.map(({ name }) => name).filter((name) => releaseIndex(name) < releaseIndex('pike')),
  )
  .chain((release) => {
    const options = [...PLUGIN_OPTIONS, ...AUTH_METHODS].flatMap((option) => {
      const forms = formsIn(release, option);
      const line = (value: string): Line => [option.section, `${option.option} = ${value}`];
      return forms.length === 0 ? [] : [fc.option(fc.constantFrom(...forms).map(line), { nil: undefined })];
    });
    const drivers = DRIVER_SECTIONS.flatMap((section) => {
      const driver = driverOption(release, section);
      if (driver === undefined) return [];
      const kinds = [driver.sql, ...(driver.ldap === undefined ? [] : [driver.ldap])];
      return [
        fc.option(
          fc.constantFrom(...kinds).map((kind): Line => [section, `driver = ${kind}`]),
          { nil: undefined },
        ),
      ];
    });
    const cache = fc.option(
      fc.constantFrom(...Object.keys(CACHE_BACKENDS)).map((name): Line => ['cache', `backend = ${name}`]),
      { nil: undefined },
    );
    return fc.record({ release: fc.constant(release), lines: fc.tuple(...options, ...drivers, cache) });
  });

function textOf(lines: readonly (Line | undefined)[], templates: string): string {
  const sections = new Map<string, string[]>([['catalog', [`template_file = ${templates}`]]]);
  for (const line of lines)
    if (line !== undefined) sections.set(line[0], [...(sections.get(line[0]) ?? []), line[1]]);
  const auth = sections.get('auth') ?? [];
  if (auth.length > 0)
    sections.set('auth', [`methods = ${auth.map((line) => line.split(' ')[0]).join(',')}`, ...auth]);
  return [...sections].map(([name, all]) => `[${name}]\n${all.join('\n')}\n`).join('');
}

describeKeystone('plugins of upgraded files', () => {
  test('a real Keystone loads every plugin, whichever release the file comes from', () => {
    const folder = DisposableFolder.ofTest();
    const templates = folder.write(
      'default_catalog.templates',
      'catalog.RegionOne.identity.name = Identity\n',
    );
    const keys = join(folder.path, 'keys');
    mkdirSync(keys);
    writeFileSync(join(keys, '0'), Buffer.alloc(32).toString('base64'));
    writeFileSync(join(keys, '1'), Buffer.alloc(32, 1).toString('base64'));
    const repositories = ['fernet_tokens', 'fernet_receipts'].map(
      (section) => `[${section}]\nkey_repository = ${keys}\n`,
    );
    const rest = `${repositories.join('')}[database]\nconnection = sqlite:///${join(folder.path, 'keystone.db')}\n`;
    const drawn = fc.sample(arbitraryFile, { seed: 23, numRuns: 30 });
    const files = drawn.map(({ release, lines }, at) => {
      const before = textOf(lines, templates);
      const doc = parseConf(Buffer.from(before), 'keystone.conf', OSLO_CONFIG);
      const after = formatConf(applyEdits(doc, upgradeConf(doc, release, 'zed').edits)).toString();
      return { before, after, path: folder.write(`${at}.conf`, after + rest) };
    });
    const faults = runPython(
      LOAD,
      files.map(({ path }) => path),
    ) as readonly string[];
    expect(
      files.filter((_, at) => faults[at] !== '').map((file) => [faults[files.indexOf(file)], file]),
    ).toEqual([]);
    // Each file as it was keeps Keystone from starting, so that the upgrade is what does it.
    const old = files.filter(({ before, after }) => before !== after);
    expect(old.length).toBeGreaterThan(20);
  }, 300_000);
});
