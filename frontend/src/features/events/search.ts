import type { EventKind } from '@/gql/graphql'
import { eventKindLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'

export interface EventsSearch extends PageSearch {
  kind?: EventKind[]
  service?: string
  /** The id of the event or deferred action that is marked. */
  entry?: string
}

/** What is scheduled is above the newest events, unless a filter leaves it out. */
export function showsScheduled({ kind, service, after, before }: EventsSearch): boolean {
  const isFirstPage = !after && !before
  return isFirstPage && !service && (!kind || kind.includes('DEFERRED_ACTION'))
}

export function eventsSearch(search: Record<string, unknown>): EventsSearch {
  return {
    kind: listOf(search.kind, eventKindLabels),
    service: textOf(search.service),
    entry: textOf(search.entry),
    ...pageSearch(search),
  }
}
