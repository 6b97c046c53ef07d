/** Assigns the errors of a payload to the field that `path` names, else to the form. */
import type { ProblemFragment } from '@/gql/graphql'
import { serverText } from './serverMessage'

export type PayloadError = ProblemFragment

export interface AssignedErrors {
  fields: Record<string, string>
  form: string[]
}

export function assignErrors(errors: PayloadError[], fields: readonly string[]): AssignedErrors {
  const assigned: AssignedErrors = { fields: {}, form: [] }
  for (const error of errors) {
    const field = error.path.find((step) => fields.includes(step))
    if (field && !assigned.fields[field]) assigned.fields[field] = serverText(error.message)
    else assigned.form.push(error.message)
  }
  return assigned
}

/** The index in `ids` of the error of a bulk mutation, or null. */
export function indexInList(error: PayloadError): number | null {
  const last = error.path.at(-1)
  return last !== undefined && /^\d+$/.test(last) ? Number(last) : null
}

/** Undefined for a blank text. */
export function optionalText(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed ? trimmed : undefined
}
