/** Assigns the errors of a payload to the field that `path` names, else to the form. */
import type { ProblemFragment } from '@/gql/graphql'

export type PayloadError = ProblemFragment

export interface PlacedErrors {
  fields: Record<string, string>
  form: string[]
}

export function placeErrors(errors: PayloadError[], fields: readonly string[]): PlacedErrors {
  const placed: PlacedErrors = { fields: {}, form: [] }
  for (const error of errors) {
    const field = error.path.find((step) => fields.includes(step))
    if (field && !placed.fields[field]) placed.fields[field] = error.message
    else placed.form.push(error.message)
  }
  return placed
}

/** The index in `ids` of the error of a bulk mutation, or null. */
export function placeInList(error: PayloadError): number | null {
  const last = error.path.at(-1)
  return last !== undefined && /^\d+$/.test(last) ? Number(last) : null
}

/** Undefined for a blank text. */
export function given(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed ? trimmed : undefined
}
