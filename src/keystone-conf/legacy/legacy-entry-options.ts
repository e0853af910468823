import type { Problem } from '../../errors.ts';
import type { ConfDocument } from '../document/document.ts';
import { inheritedValue, LDAP_BACKEND, problemOf, TREES, type TreeName } from './legacy-options.ts';
import { readLegacyValue, type Interpolation } from './legacy-value.ts';
import { readPythonLiteral } from './python-literal.ts';

/** What the file says of how entries are named and made, where it says it. */
export interface EntryOptions {
  /** The attributes of the RDNs that Keystone makes of ids. */
  readonly idAttributes: Readonly<Partial<Record<TreeName, string>>>;
  /** Whether Keystone takes the placeholder for a user: any text is true, `False` too. */
  readonly isDumbAUser: boolean;
  readonly problems: readonly Problem[];
}

export const DUMB_OPTION = 'use_dumb_member';

/** All of them, for a release that reads none. */
export const ENTRY_OPTIONS: readonly string[] = [
  ...TREES.flatMap((tree) => [idOption(tree), classesOption(tree)]),
  DUMB_OPTION,
];

export function readEntryOptions(
  doc: ConfDocument,
  { entryOptions, interpolation }: { readonly entryOptions: boolean; readonly interpolation: Interpolation },
): EntryOptions {
  const problems: Problem[] = [];
  const idAttributes: Partial<Record<TreeName, string>> = {};
  if (!entryOptions) return { idAttributes, isDumbAUser: false, problems };
  const read = (option: string): string | undefined => {
    const written = inheritedValue(doc, LDAP_BACKEND, option);
    const result = written === undefined ? undefined : readLegacyValue(written, interpolation);
    if (result === undefined || 'value' in result) return result?.value;
    problems.push(problemOf(doc, option, result.fault));
    return undefined;
  };
  for (const tree of TREES) {
    const attribute = read(idOption(tree));
    if (attribute !== undefined && !ATTRIBUTE_TYPE.test(attribute))
      problems.push(problemOf(doc, idOption(tree), NOT_AN_ATTRIBUTE));
    else if (attribute !== undefined) idAttributes[tree] = attribute;
    const classes = read(classesOption(tree));
    if (classes !== undefined && readPythonLiteral(classes) === undefined)
      problems.push(problemOf(doc, classesOption(tree), NOT_A_LITERAL));
  }
  return { idAttributes, isDumbAUser: read(DUMB_OPTION) === '', problems };
}

const ATTRIBUTE_TYPE = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)$/;
const NOT_AN_ATTRIBUTE =
  'is not the name of an attribute: Keystone makes DNs with it, and logins end in HTTP 500';
const NOT_A_LITERAL = "is not a Python literal such as ['inetOrgPerson']: Keystone does not start";

function idOption(tree: TreeName): string {
  return `${tree}_id_attr`;
}

function classesOption(tree: TreeName): string {
  return `${tree}_structural_classes`;
}
