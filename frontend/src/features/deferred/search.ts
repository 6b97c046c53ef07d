/** The list of deferred actions in the URL. */
import type { DeferredActionFilter, DeferredActionKind, DeferredActionStatus } from '@/gql/graphql'
import { deferredKindLabels, deferredStatusLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'
import { addDays, instantOf, isDate } from '@/lib/time'

export interface DeferredSearch extends PageSearch {
  kind?: DeferredActionKind[]
  status?: DeferredActionStatus[]
  /** Business dates, the last one included. */
  from?: string
  to?: string
}

export function deferredSearch(search: Record<string, unknown>): DeferredSearch {
  return {
    kind: listOf(search.kind, deferredKindLabels),
    status: listOf(search.status, deferredStatusLabels),
    from: dateOf(search.from),
    to: dateOf(search.to),
    ...pageSearch(search),
  }
}

export function dateOf(value: unknown): string | undefined {
  const text = textOf(value)
  return text && isDate(text) ? text : undefined
}

export function deferredFilter(search: DeferredSearch, zone: string): DeferredActionFilter {
  return {
    kind: search.kind,
    status: search.status,
    scheduledFrom: search.from && instantOf(`${search.from} 00:00`, zone),
    scheduledTo: search.to && instantOf(`${addDays(search.to, 1)} 00:00`, zone),
  }
}
