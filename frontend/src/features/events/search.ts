import type { EventKind } from '@/gql/graphql'
import { listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'
import { eventKindWords } from '@/lib/words'

export interface EventsSearch extends PageSearch {
  kind?: EventKind[]
  service?: string
}

export function eventsSearch(search: Record<string, unknown>): EventsSearch {
  return { kind: listOf(search.kind, eventKindWords), service: textOf(search.service), ...pageSearch(search) }
}
