import { isSince, type ReleaseName } from '../../releases/catalogue.ts';
import { pluginName } from '../../releases/plugin-options.ts';
import type { ConfDocument } from '../document/document.ts';
import { effectiveNamed } from './effective-option.ts';

/** Under which ids Keystone shows users and groups: their own, or public ones that depend on the id of the domain. */
export type ShownIds =
  | { readonly kind: 'local' }
  | { readonly kind: 'public'; readonly domainId: string }
  | { readonly kind: 'unknown'; readonly why: string };

export const LOCAL_IDS: ShownIds = { kind: 'local' };

/** Whose ids: of a domain with a file of its own, or else of the default driver; the domain's id where it is known. */
export interface DomainOfIds {
  readonly domain?: string | undefined;
  readonly domainId?: string | undefined;
}

/** The first release that maps ids: Havana and Icehouse show those of the directory in every domain. */
export function mapsIds(release: ReleaseName): boolean {
  return isSince(release, '2014.2');
}

/**
 * What the main file decides for all domains; a domain's own file has no say in it.
 * @throws `CONF_INVALID`
 */
export function shownIds(
  main: ConfDocument,
  release: ReleaseName,
  { domain, domainId }: DomainOfIds,
): ShownIds {
  if (!mapsIds(release)) return LOCAL_IDS;
  const read = (name: string, section = 'identity_mapping') =>
    effectiveNamed(main, release, name, section).value;
  const defaultId = String(read('default_domain_id', 'identity'));
  const isDefaultDriver = domain === undefined && (domainId ?? defaultId) === defaultId;
  if (isDefaultDriver && read('backward_compatible_ids') !== false) return LOCAL_IDS;
  const generator = String(read('generator'));
  if (pluginName('identity_mapping', 'generator', generator) !== 'sha256')
    return {
      kind: 'unknown',
      why: `[identity_mapping] generator is ${generator}, which only Keystone knows`,
    };
  return isDefaultDriver ? { kind: 'public', domainId: defaultId } : publicIds({ domain, domainId });
}

/** Those of a domain that is not the default driver's, where no file needs to be asked. */
export function publicIds({ domain = 'DOMAIN', domainId }: DomainOfIds): ShownIds {
  if (domainId !== undefined) return { kind: 'public', domainId };
  const how = `name it with --domain-id ("openstack domain show ${domain}" tells it)`;
  return { kind: 'unknown', why: `they depend on the id of the domain, which only Keystone knows; ${how}` };
}
