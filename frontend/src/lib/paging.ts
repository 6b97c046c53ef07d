/** Keyset paging in the URL: `after` for the next page, `before` for the previous one. */

import { t } from '@lingui/core/macro'
import { isDate } from './time'

export const pageSize = 25
/** The API counts long lists, and what a search finds, up to this number, which stands for more. */
const maxCount = 10_000

export interface PageSearch {
  after?: string
  before?: string
}

/** The changed search that shows the first page, of each list on a screen. */
export const firstPages = {
  after: undefined,
  before: undefined,
  resultsAfter: undefined,
  resultsBefore: undefined,
}

export interface PageArguments {
  first?: number
  after?: string
  last?: number
  before?: string
}

export function pageSearch(search: Record<string, unknown>): PageSearch {
  return { after: textOf(search.after), before: textOf(search.before) }
}

export function pageArguments(search: PageSearch, size = pageSize): PageArguments {
  return search.before
    ? { last: size, before: search.before }
    : { first: size, after: search.after }
}

/** False for a number that may stand for any larger one. */
export function isExactCount(total: number): boolean {
  return total !== maxCount
}

/** The text of a number of entries: "3 offers", or "10,000 offers or more". */
export function listCount(total: number, count: string): string {
  return isExactCount(total) ? count : t`${count} or more`
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function dateOf(value: unknown): string | undefined {
  const text = textOf(value)
  return text && isDate(text) ? text : undefined
}

/** The known values of a list in the URL. Unknown values are dropped. */
export function listOf<Value extends string>(
  value: unknown,
  known: Record<Value, string>,
): Value[] | undefined {
  const list = (Array.isArray(value) ? value : [value]).filter(
    (each): each is Value => String(each) in known,
  )
  return list.length > 0 ? list : undefined
}
