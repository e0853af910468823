import { findRelease } from '../../src/releases/find-release.ts';

/** One release of each generation, and those whose layouts differ. */
export const GENERATIONS = [
  'blog',
  '2011.3',
  'essex-1',
  'essex-3',
  '2012.1',
  '2013.1',
  '2014.2',
  'kilo',
  'newton',
  '2026.1',
] as const;

/** Whether passwords stand in the directory as they are typed: such are in no journal and no export. */
export function storesClearText(release: string): boolean {
  const { password } = findRelease(release).layout.user;
  return password === 'clear' || password === 'compared';
}
