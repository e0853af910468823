/** Search filters in the string form of RFC 4515, built so that values are always data. */
export type Filter = string & { readonly brand: 'Filter' };

export function equal(attribute: string, value: string): Filter {
  return `(${attribute}=${escapeFilterValue(value)})` as Filter;
}

export function present(attribute: string): Filter {
  return `(${attribute}=*)` as Filter;
}

/**
 * Entries without any value. Where the attribute may not be searched the filter is neither true nor false
 * (RFC 4511 section 4.5.1.7) and finds nothing, so what it finds is certain.
 */
export function absent(attribute: string): Filter {
  return `(!${present(attribute)})` as Filter;
}

export function allOf(...filters: readonly Filter[]): Filter {
  return `(&${filters.join('')})` as Filter;
}

export function anyOf(...filters: readonly Filter[]): Filter {
  return `(|${filters.join('')})` as Filter;
}

/** Text that is known to be a filter in the form of RFC 4515. */
export function filterOf(text: string): Filter {
  return text as Filter;
}

function escapeFilterValue(value: string): string {
  return value.replace(/[\\*()\0]/g, (c) => `\\${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
