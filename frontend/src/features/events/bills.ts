/** The bills that contain the amount of an event. */
import type { EventNodeFragment } from '@/gql/graphql'

interface Details {
  /** The number of a disputed bill, of one that is not paid, or of the payer's bill. */
  bill?: string
  /** The allocated amounts of a payment, by bill number. */
  bills?: Record<string, string>
}

export function billsOf({ item, details }: Pick<EventNodeFragment, 'item' | 'details'>): string[] {
  if (item) return [item.bill.number]
  const { bill, bills } = (details ?? {}) as Details
  if (bills) return Object.keys(bills)
  return bill ? [bill] : []
}
