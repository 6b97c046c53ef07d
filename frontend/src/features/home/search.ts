/** The lists of disputes and payments of all accounts in the URL. */
import type { DisputeStatus, PaymentStatus } from '@/gql/graphql'
import { disputeStatusLabels, paymentStatusLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'
import { isDate } from '@/lib/time'

export interface DisputesSearch extends PageSearch {
  status?: DisputeStatus[]
}

export interface PaymentsSearch extends PageSearch {
  status?: PaymentStatus[]
  /** The earliest business date. */
  from?: string
}

export function disputesSearch(search: Record<string, unknown>): DisputesSearch {
  return { status: listOf(search.status, disputeStatusLabels), ...pageSearch(search) }
}

export function paymentsSearch(search: Record<string, unknown>): PaymentsSearch {
  const from = textOf(search.from)
  return {
    status: listOf(search.status, paymentStatusLabels),
    from: from && isDate(from) ? from : undefined,
    ...pageSearch(search),
  }
}
