/** The lists of disputes and payments of all accounts in the URL. */
import { t } from '@lingui/core/macro'
import type {
  DisputeFilter,
  DisputeSort,
  DisputeStatus,
  PaymentFilter,
  PaymentSort,
  PaymentStatus,
} from '@/gql/graphql'
import { disputeStatusLabels, paymentStatusLabels } from '@/lib/labels'
import { dateOf, listOf, type PageSearch, pageSearch } from '@/lib/paging'
import { addDays, instantOf } from '@/lib/time'

/** Business dates, the last one included. */
interface Days {
  from?: string
  to?: string
}

export interface DisputesSearch extends PageSearch, Days {
  status?: DisputeStatus[]
  sort?: DisputeSort
}

export interface PaymentsSearch extends PageSearch, Days {
  status?: PaymentStatus[]
  sort?: PaymentSort
}

export const disputeSorts: Record<DisputeSort, string> = {
  OPENED_DESC: t`Newest first`,
  OPENED_ASC: t`Oldest first`,
}

export const paymentSorts: Record<PaymentSort, string> = {
  CREATED_DESC: t`Newest first`,
  CREATED_ASC: t`Oldest first`,
}

export function disputesSearch(search: Record<string, unknown>): DisputesSearch {
  return {
    status: listOf(search.status, disputeStatusLabels),
    from: dateOf(search.from),
    to: dateOf(search.to),
    sort: listOf(search.sort, disputeSorts)?.[0],
    ...pageSearch(search),
  }
}

export function disputeFilter({ status, from, to }: DisputesSearch, zone: string): DisputeFilter {
  return {
    status,
    openedFrom: from && instantOf(`${from} 00:00`, zone),
    openedTo: to && instantOf(`${addDays(to, 1)} 00:00`, zone),
  }
}

export function paymentsSearch(search: Record<string, unknown>): PaymentsSearch {
  return {
    status: listOf(search.status, paymentStatusLabels),
    from: dateOf(search.from),
    to: dateOf(search.to),
    sort: listOf(search.sort, paymentSorts)?.[0],
    ...pageSearch(search),
  }
}

export function paymentFilter({ status, from, to }: PaymentsSearch): PaymentFilter {
  return { status, from, to: to && addDays(to, 1) }
}
