import { createFileRoute } from '@tanstack/react-router'
import { EventsTab } from '@/features/events/EventsTab'
import { eventsSearch } from '@/features/events/search'

export const Route = createFileRoute('/_signed-in/accounts/$number/events')({
  validateSearch: eventsSearch,
  component: function Events() {
    return <EventsTab number={Route.useParams().number} search={Route.useSearch()} />
  },
})
