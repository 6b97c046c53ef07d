/** The search results: a bill first, since its number must match exactly. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import type { GlobalSearchQuery } from '@/gql/graphql'
import { formatPeriod } from '@/lib/time'
import { BillStatusBadge, StatusBadge } from '@/ui/Badges'
import type { RecentResult } from './recent'

export interface SearchResult extends RecentResult {
  id: string
  badge?: ReactNode
}

export function searchResultsOf({ bill, accounts, offers }: GlobalSearchQuery): SearchResult[] {
  return [
    ...(bill ? [billResult(bill)] : []),
    ...accounts.nodes.map((account) => ({
      id: account.id,
      kind: 'account' as const,
      key: account.number,
      label: account.name,
      description: [account.number, account.email].filter(Boolean).join(' · '),
      badge: <StatusBadge status={account.status} size="sm" />,
    })),
    ...offers.nodes.map((offer) => ({
      id: offer.id,
      kind: 'offer' as const,
      key: offer.code,
      label: offer.name,
      description: offer.code,
    })),
  ]
}

function billResult(bill: NonNullable<GlobalSearchQuery['bill']>): SearchResult {
  const { number } = bill
  return {
    id: bill.id,
    kind: 'bill',
    key: number,
    label: t`Bill ${number}`,
    description: `${bill.account.name} · ${formatPeriod(bill.periodStart, bill.periodEnd)}`,
    badge: <BillStatusBadge bill={bill} size="sm" />,
  }
}
