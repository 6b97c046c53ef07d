/** On which bills the money of an event counts. */
import type { EventNodeFragment } from '@/gql/graphql'

interface Details {
  /** Of a dispute of a whole bill, and of charges that pass to the payer's. */
  bill?: string
  /** Of a payment: what of it went to which bill, by their numbers. */
  bills?: Record<string, string>
}

export function billsOf({ item, details }: Pick<EventNodeFragment, 'item' | 'details'>): string[] {
  if (item) return [item.bill.number]
  const { bill, bills } = (details ?? {}) as Details
  return bill ? [bill] : Object.keys(bills ?? {})
}
