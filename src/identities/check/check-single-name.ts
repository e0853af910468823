import { foldCase } from '../../directory/dn.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import type { Layout, NameRules } from '../../releases/release.ts';
import type { NameFault } from './name-fault.ts';
import type { NamedItem } from './named-item.ts';
import { keptBySqlite, readByKeystone } from './number-like.ts';
import { pythonRdnValue, rawFilterEffect } from './raw-filter.ts';

interface Expectations {
  readonly layout: Layout;
  readonly nameRules: NameRules;
}

/** What is wrong with one name or id, whatever the others are. */
export function checkSingleName(item: NamedItem, expectations: Expectations): NameFault[] {
  if (foldCase(item.name) === '')
    return [
      {
        code: 'NAME_EMPTY',
        severity: 'impossible',
        at: item.at.name,
        message: `a ${item.kind} has an empty name`,
      },
    ];
  return CHECKS.map((check) => check(item, expectations)).filter((fault) => fault !== undefined);
}

const CHECKS: readonly ((item: NamedItem, expectations: Expectations) => NameFault | undefined)[] = [
  idIsNotName,
  notAscii,
  brokenFilter,
  numericId,
  convertedName,
];

function idIsNotName({ subject, name, givenId, idIsName, at }: NamedItem): NameFault | undefined {
  if (!idIsName || givenId === undefined || givenId === name) return undefined;
  return {
    code: 'ID_IS_NOT_NAME',
    severity: 'impossible',
    at: at.id,
    message: `${subject} has another id, but this release knows it by its id only: leave the id out`,
  };
}

function notAscii({ subject, name, id, at }: NamedItem, { nameRules }: Expectations): NameFault | undefined {
  if (!nameRules.asciiOnly || !/\P{ASCII}/u.test(`${name}${id ?? ''}`)) return undefined;
  return {
    code: 'NAME_NOT_ASCII',
    severity: 'unsafe',
    at: at.name,
    message: `${subject} is not ASCII: Keystone answers logins that involve it with HTTP 500`,
  };
}

function brokenFilter(
  { kind, subject, id, at }: NamedItem,
  { nameRules }: Expectations,
): NameFault | undefined {
  if (!nameRules.userDnInFilter || kind !== 'user' || id === undefined) return undefined;
  const effect = rawFilterEffect(`cn=${pythonRdnValue(id)}`);
  if (effect === undefined) return undefined;
  const cause = `${subject} has ${quoteOffenders(id)} in its DN, which Keystone puts into search filters as it is`;
  return effect === 'refused'
    ? {
        code: 'NAME_BREAKS_LISTINGS',
        severity: 'unsafe',
        at: at.id,
        message: `${cause}: listing all users would fail`,
      }
    : {
        code: 'NAME_LOSES_ACCESS',
        severity: 'unsafe',
        at: at.id,
        message: `${cause}: its tenants and roles would not be found`,
      };
}

/** The characters that have a meaning in a DN or in a filter, as they stand in a name. */
function quoteOffenders(id: string): string {
  return [...new Set(id.match(/[\\,+"<>;=()*]|^[# ]| $/g))].map((character) => `'${character}'`).join(' ');
}

function numericId({ kind, subject, id, at }: NamedItem, { nameRules }: Expectations): NameFault | undefined {
  const kept = nameRules.integerColumns && kind !== 'role' && id !== undefined ? keptBySqlite(id) : undefined;
  if (kept === undefined) return undefined;
  const cause = `${subject} has a number as its id, and Keystone's SQL keeps ${kind} ids in INTEGER columns`;
  return {
    code: 'ID_NUMERIC',
    severity: kept === id ? 'remark' : 'unsafe',
    at: at.id,
    message:
      kept === id
        ? `${cause}: that is known to work with SQLite only`
        : `${cause}: its tokens would be those of ${kind} "${kept}"`,
  };
}

function convertedName(
  { kind, subject, name, at }: NamedItem,
  { layout, nameRules }: Expectations,
): NameFault | undefined {
  const isConverted = nameRules.convertsValues && layoutOf(layout, kind).nameAttribute !== undefined;
  const readAs = isConverted ? readByKeystone(name) : undefined;
  if (readAs === undefined) return undefined;
  return {
    code: 'NAME_READ_AS_NUMBER',
    severity: 'remark',
    at: at.name,
    message: `${subject} is read by Keystone as ${readAs} and may be shown otherwise`,
  };
}
