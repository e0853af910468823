import { describe, expect, test } from 'vitest';
import { neededPackages, withoutPackages } from '../../../src/sandbox/apt-source.ts';

describe('neededPackages', () => {
  test('takes server, tools and libraries, in the order of apt', () => {
    const simulation = [
      'NOTE: This is only a simulation!',
      'The following NEW packages will be installed:',
      '  slapd',
      'Inst libltdl7 (2.4.7-7~deb12u1 Debian:12.11/oldstable [amd64])',
      'Inst libldap-2.5-0 [2.5.13+dfsg-4] (2.5.13+dfsg-5 Debian:12.11/oldstable [amd64])',
      'Inst slapd (2.5.13+dfsg-5 Debian:12.11/oldstable [amd64]) []',
      'Inst ldap-utils (2.5.13+dfsg-5 Debian:12.11/oldstable [amd64])',
      'Conf libltdl7 (2.4.7-7~deb12u1 Debian:12.11/oldstable [amd64])',
    ].join('\n');
    expect(neededPackages(simulation)).toEqual([
      'libltdl7=2.4.7-7~deb12u1',
      'libldap-2.5-0=2.5.13+dfsg-5',
      'slapd=2.5.13+dfsg-5',
      'ldap-utils=2.5.13+dfsg-5',
    ]);
  });

  test.each(['perl', 'libperl5.36', 'psmisc', 'libc6', 'libc-bin', 'adduser', 'libmime-base64-perl'])(
    'leaves out %s',
    (name) => {
      expect(neededPackages(`Inst ${name} (1.0 Debian:12 [amd64])`)).toEqual([]);
    },
  );

  test.each(['libcrypt1', 'libgcc-s1', 'libcap2'])('takes %s', (name) => {
    expect(neededPackages(`Inst ${name} (1.0 Debian:12 [amd64])`)).toEqual([`${name}=1.0`]);
  });

  test('finds nothing in a refusal', () => {
    expect(neededPackages('Reading package lists...\nE: Unable to locate package slapd\n')).toEqual([]);
  });
});

describe('withoutPackages', () => {
  const stanza = (name: string): string => `Package: ${name}\nStatus: install ok installed\nVersion: 1`;

  test('drops their stanzas and keeps the bytes of the others', () => {
    const status = `${[stanza('ldap-utils'), stanza('slapd-contrib'), stanza('slapd'), stanza('zsh')].join('\n\n')}\n`;
    expect(withoutPackages(status, ['slapd', 'ldap-utils'])).toBe(
      `${[stanza('slapd-contrib'), stanza('zsh')].join('\n\n')}\n`,
    );
  });

  test('changes nothing where the package is not', () => {
    expect(withoutPackages(`${stanza('zsh')}\n`, ['slapd'])).toBe(`${stanza('zsh')}\n`);
  });
});
