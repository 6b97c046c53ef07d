/** The subject of a status change, and the statuses that it may change to. */
import type { Status, StatusSubjectQuery } from '@/gql/graphql'
import type { Subject } from '@/lib/holds'

type Node = NonNullable<StatusSubjectQuery['node']>
export type StatusNode = Extract<Node, { __typename: 'Account' | 'Service' | 'PurchasedOffer' }>

const kinds: Record<StatusNode['__typename'], Subject> = {
  Account: 'account',
  Service: 'service',
  PurchasedOffer: 'offer',
}

export function isStatusNode(node: Node | null | undefined): node is StatusNode {
  return node != null && node.__typename in kinds
}

export function kindOf(node: StatusNode): Subject {
  return kinds[node.__typename]
}

/** The id of the account itself, or of the account that owns the asset. */
export function accountOf(node: StatusNode): string {
  return node.__typename === 'Account' ? node.id : node.account.id
}

/** The number of the account itself, or of the account that owns the asset. */
export function numberOf(node: StatusNode): string {
  return node.__typename === 'Account' ? node.number : node.account.number
}

export function nameOf(node: StatusNode): string {
  return node.__typename === 'Account' ? `${node.name} (${node.number})` : node.name
}

/** The dates of the next bills, of each bill unit of the account. */
export function nextBillDates(node: StatusNode): string[] {
  const units = node.__typename === 'Account' ? node.billUnits : node.account.billUnits
  return units.map((unit) => unit.nextBillOn)
}

/** A closed entity must be reopened before it can be inactive. A closed offer stays closed. */
export function choices(node: StatusNode): Status[] {
  if (node.status === 'CLOSED') return node.__typename === 'PurchasedOffer' ? [] : ['ACTIVE']
  if (node.status === 'INACTIVE') return ['ACTIVE', 'INACTIVE', 'CLOSED']
  return ['INACTIVE', 'CLOSED']
}
