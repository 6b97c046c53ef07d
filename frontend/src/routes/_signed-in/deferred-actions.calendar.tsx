import { createFileRoute } from '@tanstack/react-router'
import { CalendarPage } from '@/features/deferred/CalendarPage'
import { calendarSearch } from '@/features/deferred/calendarSearch'

export const Route = createFileRoute('/_signed-in/deferred-actions/calendar')({
  validateSearch: calendarSearch,
  component: function DeferredCalendar() {
    return <CalendarPage search={Route.useSearch()} />
  },
})
