/** Values of filters, as the API takes them. */

/** The value of a filter with two choices: undefined if none or both are chosen. */
export function only<Value extends string>(
  chosen: Value[] | undefined,
  yes: Value,
  no: Value,
): boolean | undefined {
  if (!chosen || chosen.includes(yes) === chosen.includes(no)) return undefined
  return chosen.includes(yes)
}
