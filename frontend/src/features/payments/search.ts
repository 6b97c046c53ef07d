/** The list of the payments of all accounts in the URL. */
import { t } from '@lingui/core/macro'
import type { PaymentFilter, PaymentSort, PaymentStatus } from '@/gql/graphql'
import { paymentStatusLabels } from '@/lib/labels'
import { dateOf, listOf, type PageSearch, pageSearch } from '@/lib/paging'
import { addDays } from '@/lib/time'

export interface PaymentsSearch extends PageSearch {
  status?: PaymentStatus[]
  /** A business date. */
  from?: string
  /** A business date, included. */
  to?: string
  sort?: PaymentSort
}

export const paymentSorts: Record<PaymentSort, string> = {
  CREATED_DESC: t`Newest first`,
  CREATED_ASC: t`Oldest first`,
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
