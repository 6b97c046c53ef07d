/** The subject of a dispute or an adjustment: an account, a bill, an item or an event. */
import { t } from '@lingui/core/macro'
import type { DisputeRowFragment, MoneySubjectFragment } from '@/gql/graphql'
import { serverText } from '@/lib/serverMessage'

export interface MoneySubject {
  /** The name of the subject within a sentence. */
  name: string
  currency: string
  /** The amount that can be disputed or credited; null without a limit. */
  left: string | null
  /** The field of the mutation input with its id. */
  input: { accountId: string } | { billId: string } | { itemId: string } | { eventId: string }
}

/** Null for a node without an amount. */
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
      return limited(billName(node.number), node.left, { billId: node.id })
    case 'BillItem':
      return limited(itemName(serverText(node.name), node.bill.number), node.left, {
        itemId: node.id,
      })
    case 'Event':
      return node.leftOfCharge
        ? limited(serverText(node.description), node.leftOfCharge, { eventId: node.id })
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

function billName(number: string): string {
  return t`bill ${number}`
}

function itemName(name: string, bill: string): string {
  return t`${name}, bill ${bill}`
}

type Subject = Pick<DisputeRowFragment, 'event' | 'item' | 'bill'>

/** The name of the disputed event, else of the item, else of the bill, within a sentence. */
export function subjectName({ event, item, bill }: Subject): string {
  const name = event?.description ?? item?.name
  return name ? serverText(name) : billName(bill.number)
}

/** The same name on its own. */
export function subjectTitle({ event, item, bill: { number } }: Subject): string {
  const name = event?.description ?? item?.name
  return name ? serverText(name) : t`Bill ${number}`
}

/** Open disputes before settled ones; otherwise the order is kept. */
export function openFirst<Dispute extends { status: DisputeRowFragment['status'] }>(
  disputes: Dispute[],
): Dispute[] {
  const isOpen = (dispute: Dispute) => dispute.status === 'OPEN'
  return [...disputes.filter(isOpen), ...disputes.filter((dispute) => !isOpen(dispute))]
}
