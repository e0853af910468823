import { KeystoneLdapError } from '../../errors.ts';
import { formOfName, otherForm, type SchemaForm } from '../../schema/schema-form.ts';

export interface ConversionFlags {
  readonly output?: string;
  readonly to?: SchemaForm;
  readonly name?: string;
}

export interface Conversion {
  readonly from: SchemaForm;
  readonly to: SchemaForm;
  /** What to call the schema where the text itself does not say it better. */
  readonly name: string | undefined;
}

/**
 * The forms to read and to write: each is told by a name or a flag, or is the other one than that which is told.
 * @throws `USAGE` where nothing tells them, or two things contradict each other
 */
export function resolveConversion(path: string, { output = '-', to, name }: ConversionFlags): Conversion {
  const byOutput = formOfName(output);
  if (to !== undefined && byOutput !== undefined && to !== byOutput)
    throw new KeystoneLdapError('USAGE', `--to ${to} and the name ${output} contradict each other.`);
  const source = formOfName(path);
  const target = to ?? byOutput ?? (source === undefined ? undefined : otherForm(source));
  if (target === undefined)
    throw new KeystoneLdapError(
      'USAGE',
      `The form of ${path === '-' ? 'standard input' : path} is not known.`,
      {
        hint: 'Name the file .schema or .ldif, or give --to ldif or --to schema for the form to write.',
      },
    );
  const from = source ?? otherForm(target);
  return { from, to: target, name: name ?? nameOfStandardInput(path, from, output) };
}

/** LDIF names its entry; a `.schema` has the name of its file, which standard input has not. */
function nameOfStandardInput(path: string, from: SchemaForm, output: string): string | undefined {
  if (path !== '-' || from === 'ldif') return undefined;
  if (output !== '-') return output.replace(/^.*[/\\]/s, '').replace(/\.[^.]*$/, '');
  throw new KeystoneLdapError('USAGE', 'The schema on standard input has no name.', {
    hint: 'Give --name NAME; the entry becomes cn=NAME,cn=schema,cn=config.',
  });
}
