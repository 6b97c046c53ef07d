/** Reads typed dates: 2026-12-01 14:30, 30.11.2026 23.59, 11/30/2026, 30 Nov, next monday, +2w. */
import * as chrono from 'chrono-node/en'
import dayjs, { type Dayjs } from 'dayjs'
import customParseFormat from 'dayjs/plugin/customParseFormat'
import utc from 'dayjs/plugin/utc'

dayjs.extend(customParseFormat)
dayjs.extend(utc)

/** A wall time ("2026-12-01 14:30:00"). Without a time of day in the text it is midnight. */
export interface TypedMoment {
  wall: string
  hasTime: boolean
}

const secondsFormat = 'YYYY-MM-DD HH:mm:ss'

const numericDates = [
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})/,
  /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})/,
  // The month comes first, unless only the second number can be one.
  /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})/,
]
const timeAfterDate = /^(?:t|,?\s+)(?<hour>\d{1,2})[:.](?<minute>\d{2})(?::\d{2})?$/i
const periodEnd = /^end of (?:the )?(?<period>week|month|year)$/i
const distance = /^\+\s*(?<count>\d{1,3})\s*(?<unit>[dwmy])$/i
const units = { d: 'day', w: 'week', m: 'month', y: 'year' } as const

/**
 * Null if the text cannot be read as a whole. `now` is the wall time in the business time zone,
 * as a UTC moment. Without a year a date is the next one.
 */
export function readTypedDate(text: string, now: Dayjs): TypedMoment | null {
  const typed = text.trim()
  if (/^[\d\s.,:/t-]*$/i.test(typed)) return numericDate(typed)
  const end = periodEnd.exec(typed)?.groups?.period?.toLowerCase()
  if (end) return { wall: endOf(end, now).format(secondsFormat), hasTime: false }
  const ahead = distance.exec(typed)?.groups
  if (ahead) {
    const unit = units[ahead.unit?.toLowerCase() as keyof typeof units]
    return atMidnight(now.add(Number(ahead.count), unit))
  }
  return naturalDate(typed, now)
}

function numericDate(typed: string): TypedMoment | null {
  for (const pattern of numericDates) {
    const match = pattern.exec(typed)
    if (!match?.groups) continue
    const { year, month, day } = match.groups
    const swapped = typed.includes('/') && Number(month) > 12
    const date = [year, swapped ? day : month, swapped ? month : day]
      .map((part) => part?.padStart(2, '0'))
      .join('-')
    const rest = typed.slice(match[0].length)
    const time = timeAfterDate.exec(rest)?.groups
    if (rest && !time) return null
    const clock = `${time?.hour?.padStart(2, '0') ?? '00'}:${time?.minute ?? '00'}:00`
    const read = dayjs.utc(`${date} ${clock}`, secondsFormat, true)
    return read.isValid() ? { wall: read.format(secondsFormat), hasTime: Boolean(time) } : null
  }
  return null
}

/** The last day of the period; a week ends on Sunday. */
function endOf(period: string, now: Dayjs): Dayjs {
  if (period === 'week') return now.startOf('day').add((7 - now.day()) % 7, 'day')
  return now.endOf(period === 'month' ? 'month' : 'year').startOf('day')
}

function atMidnight(day: Dayjs): TypedMoment {
  return { wall: day.startOf('day').format(secondsFormat), hasTime: false }
}

function naturalDate(typed: string, now: Dayjs): TypedMoment | null {
  // The library computes in the time zone of the browser, so it is given the wall time as local.
  const local = new Date(now.year(), now.month(), now.date(), now.hour(), now.minute())
  const [found, ...others] = chrono.casual.parse(typed, local, { forwardDate: true })
  if (!found || others.length > 0 || found.text.length !== typed.length || found.end) return null
  const { start } = found
  if (start.isCertain('timezoneOffset')) return null
  const parts = [start.get('year'), start.get('month'), start.get('day')]
  const [year = 0, month = 1, day = 1] = parts.map((part) => part ?? undefined)
  const hasTime = start.isCertain('hour')
  const read = dayjs
    .utc(Date.UTC(year, month - 1, day))
    .hour(hasTime ? (start.get('hour') ?? 0) : 0)
    .minute(hasTime ? (start.get('minute') ?? 0) : 0)
  return { wall: read.format(secondsFormat), hasTime }
}
