import type { Environment } from './environment.ts';

/** Where packages are put while a private copy is built. */
export interface BuildFolder {
  /** For everything that is needed only while building. */
  readonly scratch: string;
  /** What the packages hold, as if `/` was here. */
  readonly root: string;
}

export interface FetchProgress {
  /** One step, as a phrase that ends without a full stop. */
  readonly onStep: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A package manager that gives out packages to an ordinary user, without installing them. */
export interface PackageSource {
  readonly name: string;
  isHere(env: Environment): Promise<boolean>;
  /** Downloads OpenLDAP's server, its client tools and what they lack on this machine, and unpacks all of it. */
  unpackSlapd(build: BuildFolder, progress: FetchProgress): Promise<void>;
}
