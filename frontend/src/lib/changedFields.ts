/**
 * The names of the fields that were changed, as they stand in a sentence. Undefined for no field,
 * and if there is one without a name, of a later release of the API.
 */
export function changedFields(changes: unknown, names: Record<string, string>): string | undefined {
  const fields = Object.keys((changes ?? {}) as object).map((field) => names[field])
  return fields.length > 0 && !fields.includes(undefined) ? fields.join(', ') : undefined
}
