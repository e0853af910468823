import type { SandboxOptions } from '../../src/sandbox/start-sandbox.ts';

/** A server that hashes clear text as it comes (slapo-ppolicy(5)). */
export const HASH_CLEARTEXT: SandboxOptions['tuning'] = {
  modules: ['ppolicy'],
  entries: [
    {
      dn: 'olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config',
      attributes: {
        objectClass: ['olcOverlayConfig', 'olcPPolicyConfig'],
        olcOverlay: ['{0}ppolicy'],
        olcPPolicyHashCleartext: ['TRUE'],
      },
    },
  ],
};
