/** The list of deferred actions in the URL. */
import { t } from '@lingui/core/macro'
import type {
  DeferredActionFilter,
  DeferredActionKind,
  DeferredActionSort,
  DeferredActionStatus,
} from '@/gql/graphql'
import { deferredKindLabels, deferredStatusLabels } from '@/lib/labels'
import { dateOf, listOf, type PageSearch, pageSearch } from '@/lib/paging'
import { addDays, instantOf } from '@/lib/time'

export interface DeferredSearch extends PageSearch {
  kind?: DeferredActionKind[]
  status?: DeferredActionStatus[]
  /** Business dates, the last one included. */
  from?: string
  to?: string
  sort?: DeferredActionSort
}

export const deferredSorts: Record<DeferredActionSort, string> = {
  SCHEDULED_DESC: t`Latest date first`,
  SCHEDULED_ASC: t`Earliest date first`,
}

export function deferredSearch(search: Record<string, unknown>): DeferredSearch {
  return {
    kind: listOf(search.kind, deferredKindLabels),
    status: listOf(search.status, deferredStatusLabels),
    from: dateOf(search.from),
    to: dateOf(search.to),
    sort: listOf(search.sort, deferredSorts)?.[0],
    ...pageSearch(search),
  }
}

export function deferredFilter(search: DeferredSearch, zone: string): DeferredActionFilter {
  return {
    kind: search.kind,
    status: search.status,
    scheduledFrom: search.from && instantOf(`${search.from} 00:00`, zone),
    scheduledTo: search.to && instantOf(`${addDays(search.to, 1)} 00:00`, zone),
  }
}
