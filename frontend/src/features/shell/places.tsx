/** The search results: a bill first, since its number must match exactly. */
import type { ReactNode } from 'react'
import type { JumpToQuery } from '@/gql/graphql'
import { shownPeriod } from '@/lib/time'
import { BillStatusBadge, StatusBadge } from '@/ui/Badges'
import { accountLink } from '../accounts/links'
import { billLink } from '../bills/links'

export interface Place {
  id: string
  group: 'Bills' | 'Accounts'
  label: string
  description: string
  badge: ReactNode
  link: ReturnType<typeof accountLink> | ReturnType<typeof billLink>
}

export function placesOf({ bill, accounts }: JumpToQuery): Place[] {
  const found: Place[] = accounts.nodes.map((account) => ({
    id: account.id,
    group: 'Accounts',
    label: account.name,
    description: [account.number, account.email].filter(Boolean).join(' · '),
    badge: <StatusBadge status={account.status} size="sm" />,
    link: accountLink(account.number),
  }))
  if (!bill) return found
  const its: Place = {
    id: bill.id,
    group: 'Bills',
    label: `Bill ${bill.number}`,
    description: `${bill.account.name} · ${shownPeriod(bill.periodStart, bill.periodEnd)}`,
    badge: <BillStatusBadge bill={bill} size="sm" />,
    link: billLink(bill.number),
  }
  return [its, ...found]
}
