import type { Release } from './release.ts';

/** The release as it works where keystone.conf switches hashing off: stored passwords are compared as text. */
export function comparingPasswords(release: Release): Release {
  const { layout, legacy } = release;
  if (layout.user.password !== 'sha512-crypt') return release;
  return {
    ...release,
    layout: { ...layout, user: { ...layout.user, password: 'compared' } },
    legacy: legacy && { ...legacy, nonAsciiPassword: 'HTTP 401' },
  };
}
