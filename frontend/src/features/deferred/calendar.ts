/** The shown month of the calendar, and the counts of its days. */
import { t } from '@lingui/core/macro'
import type {
  CalendarBillDayFragment,
  DeferredActionStatus,
  DeferredCalendarQuery,
} from '@/gql/graphql'
import { deferredStatusLabels } from '@/lib/labels'
import { formatCount } from '@/lib/language'
import { addMonths } from '@/lib/time'
import type { CalendarSearch } from './calendarSearch'

/** The shown month: from the URL, else of the open day, else the current one. */
export function monthShown(search: CalendarSearch, today: string): string {
  return search.month ?? (search.day ?? today).slice(0, 7)
}

/** Half-open: from the first day to the first day of the next month. */
export function daysOf(month: string): { from: string; to: string } {
  return { from: `${month}-01`, to: `${addMonths(month, 1)}-01` }
}

/** The filter of one day in the list of deferred actions. */
export function onDay(search: CalendarSearch, day: string) {
  return { kind: search.kind, status: search.status, from: day, to: day }
}

export type CalendarDay = DeferredCalendarQuery['deferredActionDays'][number]
export type Counts = CalendarDay['counts']

/** The properties of the grid and the agenda. */
export interface MonthProps {
  month: string
  days: CalendarDay[]
  /** By their dates. */
  billDays: Map<string, CalendarBillDayFragment>
  selected: string | undefined
  onSelect: (day: string | undefined) => void
}

/** Failures first: they need attention. */
const order: DeferredActionStatus[] = ['FAILED', 'PENDING', 'DONE', 'NOT_APPLICABLE', 'CANCELLED']

export function inOrder(counts: Counts): Counts {
  return [...counts].sort((one, other) => order.indexOf(one.status) - order.indexOf(other.status))
}

/** The count of each status over all days. */
export function totals(days: CalendarDay[]): Counts {
  const sums = new Map<DeferredActionStatus, number>()
  for (const { status, count } of days.flatMap((day) => day.counts))
    sums.set(status, (sums.get(status) ?? 0) + count)
  return inOrder([...sums].map(([status, count]) => ({ status, count })))
}

/** "1 failed, 12 pending"; "nothing" for a day that has none. */
export function statusCountsLabel(counts: Counts): string {
  const labels = inOrder(counts).map(
    ({ status, count }) => `${formatCount(count)} ${deferredStatusLabels[status].toLowerCase()}`,
  )
  return labels.join(', ') || t`nothing`
}
