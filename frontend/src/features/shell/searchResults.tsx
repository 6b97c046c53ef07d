/** The search results: a bill first, since its number must match exactly. */
import type { ReactNode } from 'react'
import type { GlobalSearchQuery } from '@/gql/graphql'
import { formatPeriod } from '@/lib/time'
import { BillStatusBadge, StatusBadge } from '@/ui/Badges'
import { accountLink } from '../accounts/links'
import { billLink } from '../bills/links'

export interface SearchResult {
  id: string
  group: 'Bills' | 'Accounts'
  label: string
  description: string
  badge: ReactNode
  link: ReturnType<typeof accountLink> | ReturnType<typeof billLink>
}

export function searchResultsOf({ bill, accounts }: GlobalSearchQuery): SearchResult[] {
  const found: SearchResult[] = accounts.nodes.map((account) => ({
    id: account.id,
    group: 'Accounts',
    label: account.name,
    description: [account.number, account.email].filter(Boolean).join(' · '),
    badge: <StatusBadge status={account.status} size="sm" />,
    link: accountLink(account.number),
  }))
  if (!bill) return found
  const billResult: SearchResult = {
    id: bill.id,
    group: 'Bills',
    label: `Bill ${bill.number}`,
    description: `${bill.account.name} · ${formatPeriod(bill.periodStart, bill.periodEnd)}`,
    badge: <BillStatusBadge bill={bill} size="sm" />,
    link: billLink(bill.number),
  }
  return [billResult, ...found]
}
