import type { EventKind } from '@/gql/graphql'
import { eventKindLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'

export interface EventsSearch extends PageSearch {
  kind?: EventKind[]
  service?: string
}

export function eventsSearch(search: Record<string, unknown>): EventsSearch {
  return {
    kind: listOf(search.kind, eventKindLabels),
    service: textOf(search.service),
    ...pageSearch(search),
  }
}
