/** The list of the bills of all accounts in the URL. */
import { t } from '@lingui/core/macro'
import type { BillFilter, BillSort, BillStatus } from '@/gql/graphql'
import { billStatusLabels } from '@/lib/labels'
import { dateOf, listOf, type PageSearch, pageSearch } from '@/lib/paging'
import { addDays } from '@/lib/time'

export interface BillsSearch extends PageSearch {
  status?: BillStatus[]
  overdue?: boolean
  /** The business dates on which the bills were made, the last one included. */
  from?: string
  to?: string
  sort?: BillSort
}

export const billSorts: Record<BillSort, string> = {
  PERIOD_DESC: t`Newest first`,
  PERIOD_ASC: t`Oldest first`,
}

export function billsSearch(search: Record<string, unknown>): BillsSearch {
  return {
    status: listOf(search.status, billStatusLabels),
    overdue: search.overdue === true || undefined,
    from: dateOf(search.from),
    to: dateOf(search.to),
    sort: listOf(search.sort, billSorts)?.[0],
    ...pageSearch(search),
  }
}

export function billFilter({ status, overdue, from, to }: BillsSearch): BillFilter {
  return { status, isOverdue: overdue, billedFrom: from, billedTo: to && addDays(to, 1) }
}
