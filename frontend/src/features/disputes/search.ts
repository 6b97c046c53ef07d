/** The list of the disputes of all accounts in the URL. */
import { t } from '@lingui/core/macro'
import type { DisputeFilter, DisputeSort, DisputeStatus } from '@/gql/graphql'
import { disputeStatusLabels } from '@/lib/labels'
import { dateOf, listOf, type PageSearch, pageSearch } from '@/lib/paging'
import { addDays, instantOf } from '@/lib/time'

export interface DisputesSearch extends PageSearch {
  status?: DisputeStatus[]
  /** A business date. */
  from?: string
  /** A business date, included. */
  to?: string
  sort?: DisputeSort
}

export const disputeSorts: Record<DisputeSort, string> = {
  OPENED_DESC: t`Newest first`,
  OPENED_ASC: t`Oldest first`,
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
