import { KeystoneLdapError } from '../../errors.ts';
import { releaseIndex, type ReleaseName } from '../../releases/catalogue.ts';
import { DRIVER_SECTIONS } from '../../releases/driver-options.ts';
import { confParser } from '../../releases/conf-parser.ts';
import { dialectOfParser } from '../document/conf-dialect.ts';
import { applyEdits, joinEdits } from '../document/conf-edit.ts';
import type { ConfDocument } from '../document/document.ts';
import { effectiveDriver } from '../modern/driver-edits.ts';
import { translateConf, type TranslatedConf } from './translate-conf.ts';
import { pinnedDefaults } from './upgrade-defaults.ts';
import { upgradeDrivers } from './upgrade-drivers.ts';
import { upgradeOptions } from './upgrade-options.ts';
import type { UpgradeNote, UpgradePart } from './upgrade-plan.ts';
import { tokenDefaultNotes, upgradePlugins } from './upgrade-plugins.ts';

export interface UpgradePlan extends UpgradePart {
  /** The file in the dialect of the newer release, to which the edits apply. */
  readonly doc: ConfDocument;
}

/**
 * The edits after which the newer release finds what the older one found: options under their new names, those that
 * are gone as comments, defaults that changed written down as they were, drivers in the form that it loads.
 * A domain's own file has no say in where projects, roles and grants are.
 * @throws `USAGE` where `to` is older, `CONF_INVALID`
 */
export function upgradeConf(
  given: ConfDocument,
  from: ReleaseName,
  to: ReleaseName,
  kind: 'main file' | 'domain file' = 'main file',
): UpgradePlan {
  if (releaseIndex(to) < releaseIndex(from))
    throw new KeystoneLdapError(
      'USAGE',
      `${to} is older than ${from}: a configuration is only brought forward.`,
    );
  const translated = translateConf(given, dialectOfParser(confParser(to)));
  const { doc } = translated;
  const sections = kind === 'main file' ? DRIVER_SECTIONS : (['identity'] as const);
  const inLdap = new Set(sections.filter((section) => effectiveDriver(doc, from, section) === 'ldap'));
  const drivers = upgradeDrivers(doc, to, { sections, inLdap });
  const plugins = upgradePlugins(doc, to);
  const options = upgradeOptions(doc, from, to);
  const named = applyEdits(doc, options.edits);
  const pinned = pinnedDefaults({ before: doc, after: named, inLdap }, from, to);
  const notes = [
    ...drivers.notes,
    ...plugins.notes,
    ...(kind === 'main file' ? tokenDefaultNotes(doc, from, to) : []),
    ...options.notes,
    ...pinned.notes,
  ];
  return {
    doc,
    edits: [...drivers.edits, ...plugins.edits, ...joinEdits(options.edits, pinned.edits)],
    notes: [...rewrittenNotes(translated), ...notes.map((note) => atOrigin(note, translated))],
  };
}

function rewrittenNotes({ rewritten }: TranslatedConf): readonly UpgradeNote[] {
  return rewritten.map(({ line, message }) => ({
    code: 'LINE_REWRITTEN',
    message,
    line: line + 1,
    isRemark: true,
  }));
}

function atOrigin(note: UpgradeNote, { origins }: TranslatedConf): UpgradeNote {
  const origin = note.line === undefined ? undefined : origins[note.line - 1];
  return origin === undefined ? note : { ...note, line: origin + 1 };
}
