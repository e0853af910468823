import { KeystoneLdapError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import type { ConfEdit } from '../document/conf-edit.ts';
import type { ConfDocument } from '../document/document.ts';
import { optionText, optionValue } from '../document/option-value.ts';
import { readOsloValue, writeOsloString } from './oslo-value.ts';
import { setOptionText } from '../document/set-option.ts';

/**
 * The edit after which oslo.config gives Keystone this text, `undefined` where it does already.
 * `setAs` is an older name under which the file has the option.
 * @throws `INPUT_INVALID` where no writing would be read back, `CONF_INVALID`
 */
export function osloEdit(
  doc: ConfDocument,
  section: string,
  option: string,
  { value, setAs = option }: { value: string | Secret; setAs?: string | undefined },
): ConfEdit | undefined {
  const plain = value instanceof Secret ? value.reveal() : value;
  if (reads(doc, section, setAs, plain)) return undefined;
  const written = writeOsloString(plain, doc.dialect.dropsQuotes === 'in pairs');
  if ('fault' in written) throw unwritable(section, option, written.fault);
  const changed = setOptionText(doc, section, setAs, written.text);
  if (!reads(changed, section, setAs, plain)) throw unwritable(section, option, 'it would not be read back');
  const from = optionText(doc, section, setAs);
  const place = { section, option: setAs, ...(setAs === option ? {} : { newName: option }) };
  if (typeof value === 'string') return { ...place, from, to: written.text };
  return {
    ...place,
    from: from === undefined ? undefined : new Secret(from),
    to: new Secret(written.text),
    secret: true,
  };
}

function reads(doc: ConfDocument, section: string, option: string, value: string): boolean {
  const read = optionValue(doc, section, option);
  if (read === undefined) return false;
  const reading = readOsloValue(read, 'string');
  return 'value' in reading && reading.value === value;
}

function unwritable(section: string, option: string, fault: string): KeystoneLdapError {
  return new KeystoneLdapError(
    'INPUT_INVALID',
    `[${section}] ${option} cannot be set to this value: ${fault}.`,
  );
}
