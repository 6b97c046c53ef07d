/** The calendar in the URL, and the calculation with months. */
import type { DeferredActionKind, DeferredActionStatus, DeferredCalendarQuery } from '@/gql/graphql'
import { deferredStatusLabels } from '@/lib/labels'
import { type PageSearch, textOf } from '@/lib/paging'
import { dateOf, deferredSearch } from './search'

export interface CalendarSearch extends PageSearch {
  kind?: DeferredActionKind[]
  status?: DeferredActionStatus[]
  /** 2026-12; this month when left out. */
  month?: string
  /** The day that is open, with its actions below the calendar. */
  day?: string
}

export function calendarSearch(search: Record<string, unknown>): CalendarSearch {
  const { kind, status, after, before } = deferredSearch(search)
  return { kind, status, after, before, month: monthOf(search.month), day: dateOf(search.day) }
}

function monthOf(value: unknown): string | undefined {
  const text = textOf(value)
  return text && /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : undefined
}

/** The month that the calendar shows: the one of the address, else that of the open day, else the one that runs. */
export function monthShown(search: CalendarSearch, today: string): string {
  return search.month ?? (search.day ?? today).slice(0, 7)
}

export function monthFrom(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const moved = new Date(0)
  moved.setUTCFullYear(year, number - 1 + months, 1)
  return moved.toISOString().slice(0, 7)
}

/** From its first day to before the first of the next. */
export function daysOf(month: string): { from: string; to: string } {
  return { from: `${month}-01`, to: `${monthFrom(month, 1)}-01` }
}

/** The filter of one day in the list of deferred actions. */
export function onDay(search: CalendarSearch, day: string) {
  return { kind: search.kind, status: search.status, from: day, to: day }
}

export type CalendarDay = DeferredCalendarQuery['deferredActionDays'][number]
export type Counts = CalendarDay['counts']

/** What the grid and the agenda are given. */
export interface MonthProps {
  month: string
  days: CalendarDay[]
  chosen: string | undefined
  onChoose: (day: string | undefined) => void
}

/** What wants attention comes first. */
const order: DeferredActionStatus[] = ['FAILED', 'PENDING', 'DONE', 'NOT_APPLICABLE', 'CANCELLED']

export function inOrder(counts: Counts): Counts {
  return [...counts].sort((one, other) => order.indexOf(one.status) - order.indexOf(other.status))
}

/** How many of each state in all the days. */
export function totals(days: CalendarDay[]): Counts {
  const sums = new Map<DeferredActionStatus, number>()
  for (const { status, count } of days.flatMap((day) => day.counts))
    sums.set(status, (sums.get(status) ?? 0) + count)
  return inOrder([...sums].map(([status, count]) => ({ status, count })))
}

/** "1 failed, 12 pending"; "nothing" for a day that has none. */
export function countLabels(counts: Counts): string {
  const words = inOrder(counts).map(
    ({ status, count }) =>
      `${count.toLocaleString('en')} ${deferredStatusLabels[status].toLowerCase()}`,
  )
  return words.join(', ') || 'nothing'
}
