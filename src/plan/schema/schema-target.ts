import type { Session } from '../../directory/session.ts';
import type { Schema, SchemaElement } from '../../schema/definition.ts';

export interface SchemaTarget {
  readonly schema: Schema;
  /** Definitions that count as equal to the wanted one of the same OID. */
  readonly accepted: readonly SchemaElement[];
  /** The `.schema` file to include where the server is configured by slapd.conf. */
  readonly includeFile: string;
  /** Whether definitions that differ may be replaced, where no entry would be broken. */
  readonly replace: boolean;
}

export interface SchemaPorts {
  readonly directory: Session;
  readonly openConfig: () => Promise<Session>;
}
