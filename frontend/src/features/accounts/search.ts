/** The state of the account list in the URL: search, filters, sort order and page. */
import { t } from '@lingui/core/macro'
import type { AccountFilter, AccountSort, HoldCause, Rank, Status } from '@/gql/graphql'
import { causeLabels, rankLabels, statusLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'

export interface AccountsSearch extends PageSearch {
  q?: string
  status?: Status[]
  rank?: Rank[]
  heldBy?: HoldCause[]
  sort?: AccountSort
  /** Only accounts with an overdue bill. */
  overdue?: boolean
  /** The number of an account: only those below it. */
  below?: string
}

export const sortLabels: Record<AccountSort, string> = {
  CREATED_DESC: t`Newest first`,
  CREATED_ASC: t`Oldest first`,
  NAME_ASC: t`Name, A to Z`,
  NAME_DESC: t`Name, Z to A`,
  NUMBER_ASC: t`Number`,
}

export function accountsSearch(search: Record<string, unknown>): AccountsSearch {
  return {
    q: textOf(search.q),
    status: listOf(search.status, statusLabels),
    rank: listOf(search.rank, rankLabels),
    heldBy: listOf(search.heldBy, causeLabels),
    sort: listOf(search.sort, sortLabels)?.[0],
    overdue: search.overdue === true || undefined,
    below: textOf(search.below),
    ...pageSearch(search),
  }
}

export function accountFilter(search: AccountsSearch): AccountFilter {
  return {
    search: search.q,
    status: search.status,
    rank: search.rank,
    heldBy: search.heldBy,
    below: search.below && `account:${search.below}`,
    hasOverdue: search.overdue,
  }
}
