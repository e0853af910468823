/** Paths of PEM files. */
export interface SandboxTls {
  readonly certificate: string;
  readonly key: string;
  /** The CA to trust, for those who ask the sandbox. */
  readonly ca?: string | undefined;
}
