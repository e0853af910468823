import { BerWriter, Control, EqualityFilter } from 'ldapts';

/** RFC 4528: the operation is done only while the entry has this value, else refused with assertionFailed (122). */
export class AssertionControl extends Control {
  static readonly oid: string = '1.3.6.1.1.12';
  readonly #filter: EqualityFilter;

  constructor(attribute: string, value: string) {
    super(AssertionControl.oid, { critical: true });
    this.#filter = new EqualityFilter({ attribute, value });
  }

  /** The value of the control is the BER of a filter. */
  protected override writeControl(writer: BerWriter): void {
    const filter = new BerWriter();
    this.#filter.write(filter);
    writer.writeBuffer(filter.buffer, OCTET_STRING);
  }
}

const OCTET_STRING = 4;
