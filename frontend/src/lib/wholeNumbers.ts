/** Whole numbers in fields are kept as text: what was typed is refused, but never changed. */
import { t } from '@lingui/core/macro'

/** Null if the text is a whole number in the range. */
export function wholeNumberProblem(typed: string, least: number, most: number): string | null {
  const number = /^\d+$/.test(typed.trim()) ? Number(typed) : Number.NaN
  if (number >= least && number <= most) return null
  return t`Enter a whole number from ${least} to ${most}.`
}

/** The day of the month on which bills are made; undefined if it is left blank. */
export function typedBillingDay(typed: string): number | undefined {
  return typed.trim() === '' ? undefined : Number(typed)
}

export function billingDayProblem(typed: string): string | null {
  return typed.trim() === '' ? null : wholeNumberProblem(typed, 1, 31)
}
