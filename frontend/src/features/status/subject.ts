/** What a status change is about, and what it may become from where it stands. */
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

/** The id of the account that it is, or that it belongs to. */
export function accountOf(node: StatusNode): string {
  return node.__typename === 'Account' ? node.id : node.account.id
}

/** A closed thing is reopened before it can be inactive; a closed offer never comes back. */
export function choices(node: StatusNode): Status[] {
  if (node.status === 'CLOSED') return node.__typename === 'PurchasedOffer' ? [] : ['ACTIVE']
  if (node.status === 'INACTIVE') return ['ACTIVE', 'INACTIVE', 'CLOSED']
  return ['INACTIVE', 'CLOSED']
}

/** What the button and the title say. Assets are terminated, accounts are closed. */
export function verb(kind: Subject, from: Status, to: Status): string {
  if (to === 'CLOSED') return kind === 'account' ? 'Close' : 'Terminate'
  if (to === 'INACTIVE') return 'Inactivate'
  return from === 'CLOSED' ? 'Reopen' : 'Reactivate'
}
