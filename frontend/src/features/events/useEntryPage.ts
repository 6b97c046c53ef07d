/** Finds the page of the timeline with the entry that the address names. */
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { EntryPageDocument, EntryTimeDocument } from './operations.generated'
import type { EventsSearch } from './search'

/** The entry is among the first of its page, with newer ones above it. */
const newerShown = 10

interface Place {
  number: string
  search: EventsSearch
  /** The ids of what the present page shows; null while it is loaded. */
  shown: string[] | null
}

/** Goes to that page if the present one, which is the first, has not the entry. */
export function useEntryPage({ number, search, shown }: Place): void {
  const changeSearch = useChangeSearch<EventsSearch>()
  const { entry, after, before } = search
  const isMissing =
    entry !== undefined && !after && !before && shown !== null && !shown.includes(entry)
  const [time] = useQuery({
    query: EntryTimeDocument,
    variables: { id: entry ?? '' },
    pause: !isMissing,
  })
  const event = time.data?.node?.__typename === 'Event' ? time.data.node : null
  const [page] = useQuery({
    query: EntryPageDocument,
    variables: {
      number,
      // Those at the same time and later; the last of them are the nearest.
      filter: { kind: search.kind, service: search.service, from: event?.occurredAt },
      last: newerShown + 1,
    },
    pause: !isMissing || !event,
  })
  const edges = isMissing && event ? page.data?.account?.events.edges : undefined
  const cursor = edges && edges.length > newerShown ? edges[0]?.cursor : undefined
  useEffect(() => {
    if (cursor) changeSearch({ after: cursor }, { replace: true })
  }, [cursor, changeSearch])
}
