/** The search results, best match first in each group. */
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

type Found = GlobalSearchQuery['search']

/** Enter opens the first one: an account, unless the text begins like the number of a bill. */
export function searchResultsOf(
  { accounts, services, bills, offers }: Found,
  typed: string,
): SearchResult[] {
  const found = [
    ...accounts.map(accountResult),
    ...bills.map(billResult),
    ...services.map(serviceResult),
    ...offers.map(offerResult),
  ]
  const kinds = kindsFor(typed)
  return found.sort((one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind))
}

/** The number of a bill, or a word for a bill before a number. */
const bill = /^(b-|b\s?\d|(bill|invoice|inv|rechnung)\b\D{0,8}\d)/i

/** The kinds of result in the order of their groups. */
export function kindsFor(typed: string): RecentResult['kind'][] {
  const usual = ['account', 'bill', 'service', 'offer'] as const
  return bill.test(typed) ? ['bill', 'account', 'service', 'offer'] : [...usual]
}

function accountResult(account: Found['accounts'][number]): SearchResult {
  return {
    id: account.id,
    kind: 'account',
    key: account.number,
    label: account.name,
    description: [account.number, account.email].filter(Boolean).join(' · '),
    badge: <StatusBadge status={account.status} size="sm" />,
  }
}

function billResult(bill: Found['bills'][number]): SearchResult {
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

function serviceResult({ id, login, name, status, account }: Found['services'][number]) {
  return {
    id,
    kind: 'service' as const,
    key: account.number,
    label: login ?? name,
    description: `${name} · ${account.name}`,
    badge: <StatusBadge status={status} size="sm" />,
  }
}

function offerResult({ id, code, name }: Found['offers'][number]): SearchResult {
  return { id, kind: 'offer', key: code, label: name, description: code }
}
