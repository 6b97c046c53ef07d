/** The state of the calendar in the URL. */
import type { DeferredActionKind, DeferredActionStatus } from '@/gql/graphql'
import { dateOf, type PageSearch, textOf } from '@/lib/paging'
import { isMonth } from '@/lib/time'
import { deferredSearch } from './search'

export interface CalendarSearch extends PageSearch {
  kind?: DeferredActionKind[]
  status?: DeferredActionStatus[]
  /** For example 2026-12; the current month by default. */
  month?: string
  /** The open day, whose actions are listed below the calendar. */
  day?: string
}

export function calendarSearch(search: Record<string, unknown>): CalendarSearch {
  const { kind, status, after, before } = deferredSearch(search)
  return { kind, status, after, before, month: monthOf(search.month), day: dateOf(search.day) }
}

function monthOf(value: unknown): string | undefined {
  const text = textOf(value)
  return text && isMonth(text) ? text : undefined
}
