import type { Layout } from '../../releases/release.ts';

type Placed = Pick<Layout, 'placeholder'>;

/** Members, with the placeholder in front where the release puts it. */
export function withPlaceholder(members: readonly string[], { placeholder }: Placed): readonly string[] {
  const isWanted = placeholder !== undefined && (placeholder.use === 'always' || members.length === 0);
  return isWanted ? [placeholder.dn, ...members] : members;
}

/** Keystone makes some entries for their first member: that one, then the placeholder, then the later ones. */
export function fromFirst(members: readonly string[], layout: Placed): readonly string[] {
  const [first, ...later] = members;
  if (first === undefined) return withPlaceholder([], layout);
  const { placeholder } = layout;
  return [first, ...(placeholder?.use === 'always' ? [placeholder.dn] : []), ...later];
}
