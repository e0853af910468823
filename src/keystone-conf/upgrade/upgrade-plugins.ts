import { isSince, type ReleaseName } from '../../releases/catalogue.ts';
import {
  AUTH_METHODS,
  CACHE_BACKENDS,
  CACHE_BACKENDS_SINCE,
  findPlugin,
  loadsClassPaths,
  PLUGIN_OPTIONS,
  pluginIn,
  type PluginOption,
} from '../../releases/plugin-options.ts';
import type { ConfEdit } from '../document/conf-edit.ts';
import type { ConfDocument } from '../document/document.ts';
import { blocksOf, findOptions, optionText, optionValue } from '../document/option-value.ts';
import { osloEdit } from '../modern/oslo-edit.ts';
import { readOsloValue } from '../modern/oslo-value.ts';
import { PASTE_SECTION } from '../legacy/paste-section.ts';
import type { UpgradeNote, UpgradePart } from './upgrade-plan.ts';

const NOTHING: UpgradePart = { edits: [], notes: [] };

/**
 * Every plugin of the file in the form that the newer release loads: class paths become short names from Liberty on.
 * One that is gone makes room for the default, and one of somebody else stays; both are noted.
 */
export function upgradePlugins(doc: ConfDocument, to: ReleaseName): UpgradePart {
  const plans = [
    ...PLUGIN_OPTIONS.map((option) => upgradePlugin(doc, option, to)),
    ...authOptions(doc).map((option) => upgradePlugin(doc, option, to)),
    upgradeMethods(doc, to),
    upgradeCache(doc, to),
    pasteNotes(doc, to),
  ];
  return { edits: plans.flatMap(({ edits }) => edits), notes: plans.flatMap(({ notes }) => notes) };
}

const FERNET_SINCE: ReleaseName = 'ocata';

/** A main file that names no token provider gets another one with Ocata, which needs keys before it issues a token. */
export function tokenDefaultNotes(
  doc: ConfDocument,
  from: ReleaseName,
  to: ReleaseName,
): readonly UpgradeNote[] {
  const option = PLUGIN_OPTIONS.find((one) => one.section === 'token' && one.option === 'provider');
  if (option === undefined || writtenText(doc, option.section, option.option)) return [];
  if (isSince(from, FERNET_SINCE) || !isSince(to, FERNET_SINCE)) return [];
  const message = `No token provider is named, and the default is fernet since ${FERNET_SINCE}. ${option.loss ?? ''}`;
  return [{ code: 'TOKEN_DEFAULT_CHANGED', message }];
}

function upgradePlugin(doc: ConfDocument, option: PluginOption, to: ReleaseName): UpgradePart {
  const written = writtenText(doc, option.section, option.option);
  if (written === undefined || written === '') return NOTHING;
  const plugin = findPlugin(option, written);
  if (plugin === undefined)
    return option.removed !== undefined && isSince(to, option.removed)
      ? retire(doc, option, written, { gone: option.removed, to })
      : { edits: [], notes: [unknownNote(doc, option, written, to)] };
  const form = pluginIn(to, option, plugin, written);
  if ('gone' in form) return retire(doc, option, written, { gone: form.gone, to });
  if ('since' in form) {
    const message = `${placeText(option, written)} is not in ${to}: it came with ${form.since}. Set another one.`;
    return { edits: [], notes: [note(doc, 'PLUGIN_UNKNOWN', option, message)] };
  }
  const edit = osloEdit(doc, option.section, option.option, { value: form.write });
  return { edits: edit === undefined ? [] : [edit], notes: [] };
}

/** The option becomes a comment, so that the release takes its default. */
function retire(
  doc: ConfDocument,
  option: PluginOption,
  written: string,
  { gone, to }: { readonly gone: ReleaseName | undefined; readonly to: ReleaseName },
): UpgradePart {
  const { section, option: name, removed, loss } = option;
  const isProvider = section === 'token' && name === 'provider';
  const went = gone === undefined ? `is not in ${to}` : `went with ${gone}`;
  const instead =
    removed !== undefined && isSince(to, removed)
      ? `${to} does not read this option`
      : isProvider
        ? `${to} has fernet by default`
        : `${to} takes its default`;
  const why = `${isProvider ? 'The token provider' : 'The plugin'} ${written} ${went}; ${instead}.`;
  const message = [isProvider ? why : `[${section}] ${name}: ${why}`, ...(loss === undefined ? [] : [loss])];
  const code = isProvider ? 'TOKEN_PROVIDER_REMOVED' : 'PLUGIN_REMOVED';
  const from = optionText(doc, section, name);
  return {
    edits: [{ section, option: name, from, to: undefined, note: why }],
    notes: [note(doc, code, option, message.join(' '))],
  };
}

function unknownNote(doc: ConfDocument, option: PluginOption, written: string, to: ReleaseName): UpgradeNote {
  const isLostPath = written.includes('.') && !written.includes(' ') && !loadsClassPaths(to);
  const methods = isLostPath && option.section === 'auth' ? methodsWith(written) : [];
  if (methods.length > 0) {
    const names = methods.join(' or ');
    const message =
      `${placeText(option, written)}: ${to} has this plugin only as the method ${names}, which clients name ` +
      `in their requests. Decide whether ${names} takes the place of ${option.option} in [auth] methods.`;
    return note(doc, 'PLUGIN_UNKNOWN', option, message);
  }
  const why = isLostPath
    ? `${to} loads no class paths: write the entry point under which its package registers it`
    : 'see whether its package supports this release';
  const known = option.plugins.filter((plugin) => {
    const form = pluginIn(to, option, plugin, plugin.name);
    return 'write' in form && form.write === plugin.name;
  });
  const own = known.length === 0 ? '' : ` (${known.map(({ name }) => name).join(', ')})`;
  const message = `${placeText(option, written)} is not a plugin of Keystone's own${own}: ${why}.`;
  return note(doc, 'PLUGIN_UNKNOWN', option, message);
}

/** The methods of Keystone's own that have this class: while class paths load, a file may give it to any other. */
function methodsWith(path: string): readonly string[] {
  return AUTH_METHODS.filter((method) => findPlugin(method, path) !== undefined).map(({ option }) => option);
}

function placeText({ section, option }: PluginOption, written: string): string {
  return `[${section}] ${option} = ${written}`;
}

function note(
  doc: ConfDocument,
  code: UpgradeNote['code'],
  { section, option }: Pick<PluginOption, 'section' | 'option'>,
  message: string,
): UpgradeNote {
  return { code, message, line: (findOptions(doc, section, option).at(-1)?.line ?? 0) + 1 };
}

/** What Keystone makes of the option's text, or the text itself where it refers to others. */
function writtenText(doc: ConfDocument, section: string, option: string): string | undefined {
  const read = optionValue(doc, section, option);
  const reading = read === undefined ? undefined : readOsloValue(read, 'string');
  return reading !== undefined && 'value' in reading ? String(reading.value) : read;
}

/** The options of `[auth]` that name a method's plugin: Keystone's own methods, and whatever else has a class path. */
function authOptions(doc: ConfDocument): readonly PluginOption[] {
  const names = new Set(blocksOf(doc, 'auth').flatMap(({ options }) => options.map(({ name }) => name)));
  const methods = new Set(listedMethods(doc));
  return [...names].flatMap((name) => {
    const own = AUTH_METHODS.find(({ option }) => option === name);
    if (own !== undefined) return [own];
    return methods.has(name) ? [{ section: 'auth', option: name, plugins: [] }] : [];
  });
}

const METHODS = { section: 'auth', option: 'methods' } as const;

function listedMethods(doc: ConfDocument): readonly string[] {
  const read = optionValue(doc, METHODS.section, METHODS.option);
  const reading = read === undefined ? undefined : readOsloValue(read, 'list');
  return reading !== undefined && 'value' in reading && Array.isArray(reading.value)
    ? reading.value.map(String)
    : [];
}

/** Icehouse to Kilo take class paths among the methods, too, each of which knows its method. */
function upgradeMethods(doc: ConfDocument, to: ReleaseName): UpgradePart {
  const listed = listedMethods(doc);
  const renamed = listed.map((item) => (isSince(to, 'liberty') ? methodOf(item) : { method: item }));
  const methods = [...new Set(renamed.map(({ method }) => method))];
  const edits: ConfEdit[] = [];
  if (methods.join() !== listed.join()) {
    const edit = osloEdit(doc, METHODS.section, METHODS.option, { value: methods.join(',') });
    if (edit !== undefined) edits.push(edit);
  }
  for (const { method, plugin } of renamed) {
    const isSet = optionValue(doc, METHODS.section, method) !== undefined;
    const edit =
      plugin === undefined || isSet ? undefined : osloEdit(doc, METHODS.section, method, { value: plugin });
    if (edit !== undefined) edits.push(edit);
  }
  const unknown = methods.filter(
    (method) =>
      AUTH_METHODS.every(({ option }) => option !== method) &&
      optionValue(doc, METHODS.section, method) === undefined,
  );
  const notes = unknown.map((method) => {
    const message = `[auth] methods: ${method} is not a method of Keystone's own: see whether its package supports ${to}.`;
    return note(doc, 'PLUGIN_UNKNOWN', METHODS, message);
  });
  return { edits, notes };
}

/** The method of an item, and the plugin to be set where that is not the default one of the method. */
function methodOf(item: string): { readonly method: string; readonly plugin?: string } {
  if (!item.includes('.')) return { method: item };
  for (const option of AUTH_METHODS) {
    const plugin = findPlugin(option, item);
    if (plugin === undefined) continue;
    const method = option.option;
    const name = plugin.successor ?? plugin.name;
    return name === 'default' || name === 'DefaultDomain' ? { method } : { method, plugin: name };
  }
  return { method: item };
}

function upgradeCache(doc: ConfDocument, to: ReleaseName): UpgradePart {
  const successor = CACHE_BACKENDS[writtenText(doc, 'cache', 'backend') ?? ''];
  if (successor === undefined || !isSince(to, CACHE_BACKENDS_SINCE)) return NOTHING;
  const edit = osloEdit(doc, 'cache', 'backend', { value: successor });
  return { edits: edit === undefined ? [] : [edit], notes: [] };
}

/** Essex has its paste configuration in keystone.conf; up to Queens a file of its own is read, and none after. */
function pasteNotes(doc: ConfDocument, to: ReleaseName): UpgradePart {
  const sections = doc.sections.filter(({ name }) => PASTE_SECTION.test(name));
  const [first] = sections;
  if (first === undefined || !isSince(to, '2012.2')) return NOTHING;
  const count =
    sections.length === 1
      ? 'This section configures'
      : `This section and ${sections.length - 1} more configure`;
  const rest = isSince(to, 'rocky')
    ? `${to} has no paste configuration: delete them; filters of your own become middleware in front of Keystone`
    : 'Keystone reads them from keystone-paste.ini since 2012.2: take the file of the release, and add filters of your own there';
  const message = `[${first.name}] ${count} paste: ${rest}.`;
  return { edits: [], notes: [{ code: 'PASTE_LEFT', message, line: first.header + 1 }] };
}
