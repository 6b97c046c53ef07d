/** The subject of a dispute or an adjustment: an account, a bill, an item or an event. */
import type { DisputeRowFragment, MoneySubjectFragment } from '@/gql/graphql'

export interface MoneySubject {
  /** How a sentence calls it. */
  name: string
  currency: string
  /** How much of it can be disputed, or credited; null where that has no limit. */
  left: string | null
  /** The field of the input that names it. */
  input: { accountId: string } | { billId: string } | { itemId: string } | { eventId: string }
}

/** Null for what has no money of its own. */
export function subjectOf(node: MoneySubjectFragment | null | undefined): MoneySubject | null {
  switch (node?.__typename) {
    case 'Account':
      return {
        name: `${node.name} (${node.number})`,
        currency: node.currency,
        left: null,
        input: { accountId: node.id },
      }
    case 'Bill':
      return limited(`bill ${node.number}`, node.left, { billId: node.id })
    case 'BillItem':
      return limited(`${node.name}, bill ${node.bill.number}`, node.left, { itemId: node.id })
    case 'Event':
      return node.leftOfCharge
        ? limited(node.description, node.leftOfCharge, { eventId: node.id })
        : null
    default:
      return null
  }
}

function limited(
  name: string,
  { amount, currency }: { amount: string; currency: string },
  input: MoneySubject['input'],
): MoneySubject {
  return { name, currency, left: amount, input }
}

/** What a dispute is about: an event, else an item, else the whole bill. */
export function whatOf(dispute: Pick<DisputeRowFragment, 'event' | 'item' | 'bill'>): string {
  return dispute.event?.description ?? dispute.item?.name ?? `bill ${dispute.bill.number}`
}

/** As they are, but those that wait for somebody before those that are settled. */
export function openFirst<Dispute extends { status: DisputeRowFragment['status'] }>(
  disputes: Dispute[],
): Dispute[] {
  const isOpen = (dispute: Dispute) => dispute.status === 'OPEN'
  return [...disputes.filter(isOpen), ...disputes.filter((dispute) => !isOpen(dispute))]
}
