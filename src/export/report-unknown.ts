import { valuesOf, type Entry } from '../directory/entry.ts';
import { layoutOf } from '../releases/layout-of.ts';
import type { EntryKind, Layout } from '../releases/release.ts';
import type { ExportReport } from './export-report.ts';

/** Says what the entry holds beside what identities have a key for. */
export function reportUnknown(
  entry: Entry,
  { kind, name }: { readonly kind: EntryKind; readonly name: string },
  layout: Layout,
  report: ExportReport,
): void {
  const { required, objectClasses } = layoutOf(layout, kind);
  const { single, others } = keysOf(kind, layout);
  const known = new Set([...single, ...others, ...required, 'objectClass'].map((one) => one.toLowerCase()));
  for (const attribute of Object.keys(entry.attributes))
    if (!known.has(attribute.toLowerCase())) report.add(`${attribute} of a ${kind}`, entry.dn);
  for (const attribute of single)
    if (valuesOf(entry, attribute).length > 1)
      report.add(`further values of ${attribute} of a ${kind}`, entry.dn);
  for (const attribute of required)
    if (valuesOf(entry, attribute).join() !== name)
      report.add(`${attribute} of a ${kind}, which is not its name`, entry.dn);
  const classes = new Set(['top', ...objectClasses].map((one) => one.toLowerCase()));
  for (const one of valuesOf(entry, 'objectClass'))
    if (!classes.has(one.toLowerCase())) report.add(`the class ${one} of a ${kind}`, entry.dn);
}

/** The attributes for which there are keys, those that hold one value apart. */
function keysOf(kind: EntryKind, layout: Layout) {
  const { rdn, nameAttribute, description, members, enabled, domain } = layoutOf(layout, kind);
  const { email, passwordAttribute } = layout.user;
  const state = enabled.kind === 'attribute' ? enabled.attribute : undefined;
  const named = (all: readonly (string | undefined)[]) => all.filter((one) => one !== undefined);
  const single = [rdn, nameAttribute, description, state, domain];
  return kind === 'user'
    ? { single: named([...single, email]), others: [passwordAttribute] }
    : { single: named(single), others: named([members, 'serviceId']) };
}
