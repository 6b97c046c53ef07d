/** Instants are kept in UTC, and shown and typed in the business time zone. */
import dayjs, { type Dayjs } from 'dayjs'
import customParseFormat from 'dayjs/plugin/customParseFormat'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'

dayjs.extend(customParseFormat)
dayjs.extend(utc)
dayjs.extend(timezone)

/** The format of a date with a time in a field: 2026-12-01 00:00. */
export const wallFormat = 'YYYY-MM-DD HH:mm'

export function inZone(instant: string, zone: string): Dayjs {
  return dayjs.utc(instant).tz(zone)
}

/** "1 Dec 2026", and the time of day unless it is midnight. */
export function formatInstant(instant: string, zone: string): string {
  const moment = inZone(instant, zone)
  return moment.format(
    moment.hour() === 0 && moment.minute() === 0 ? 'D MMM YYYY' : 'D MMM YYYY, HH:mm',
  )
}

/** "Mon 30 Nov 2026", and the time of day unless it is midnight. */
export function formatWithWeekday(instant: string, zone: string): string {
  return `${inZone(instant, zone).format('ddd')} ${formatInstant(instant, zone)}`
}

export function formatUtc(instant: string): string {
  return `${dayjs.utc(instant).format('YYYY-MM-DD HH:mm:ss')} UTC`
}

export function formatDate(date: string): string {
  return dayjs.utc(date).format('D MMM YYYY')
}

/** "1 Nov – 30 Nov 2026" of the half-open period from 1 November to 1 December. */
export function formatPeriod(start: string, end: string): string {
  const [first, last] = [dayjs.utc(start), dayjs.utc(end).subtract(1, 'day')]
  const from = first.format(first.year() === last.year() ? 'D MMM' : 'D MMM YYYY')
  return `${from} – ${last.format('D MMM YYYY')}`
}

/** "Thursday, 3 December 2026". */
export function formatDay(date: string): string {
  return dayjs.utc(date).format('dddd, D MMMM YYYY')
}

/** "December 2026" of 2026-12. */
export function formatMonth(month: string): string {
  return dayjs.utc(`${month}-01`).format('MMMM YYYY')
}

/** The instant of a wall time ("2026-12-01 00:00") in the business time zone. */
export function instantOf(wall: string, zone: string): string {
  return dayjs.tz(wall, zone).toISOString()
}

export function wallOf(instant: string, zone: string): string {
  return inZone(instant, zone).format(wallFormat)
}

/** The business date as a UTC midnight, so that date arithmetic ignores daylight saving time. */
export function todayOf(now: string, zone: string): Dayjs {
  return dayjs.utc(inZone(now, zone).format('YYYY-MM-DD'))
}

const dateFormats = [
  'YYYY-MM-DD',
  'YYYY-M-D',
  'DD.MM.YYYY',
  'D.M.YYYY',
  'D.MM.YYYY',
  'DD.M.YYYY',
  'D MMM YYYY',
  'DD MMM YYYY',
  'D MMMM YYYY',
  'DD MMMM YYYY',
]
const timeFormats = ['', ' HH:mm', ' H:mm', ' HH:mm:ss', ' H:mm:ss']

/**
 * Parses a typed date with an optional time: 2026-12-01, 2026-12-01 14:30, 1 Dec 2026, 1.12.2026.
 * Null for any other text.
 */
export function parseWall(text: string): string | null {
  const typed = text
    .trim()
    .replace(',', '')
    .replace(/(\d)T(\d)/, '$1 $2')
    .replace(/[a-z]+/i, (month) => month.charAt(0).toUpperCase() + month.slice(1).toLowerCase())
  for (const date of dateFormats) {
    for (const time of timeFormats) {
      const parsed = dayjs.utc(typed, date + time, true)
      if (parsed.isValid()) return parsed.format('YYYY-MM-DD HH:mm:00')
    }
  }
  return null
}

export function isDate(text: string): boolean {
  return dayjs.utc(text, 'YYYY-MM-DD', true).isValid()
}

export function isMonth(text: string): boolean {
  return dayjs.utc(text, 'YYYY-MM', true).isValid()
}

export function addDays(date: string, days: number): string {
  return dayjs.utc(date).add(days, 'day').format('YYYY-MM-DD')
}

/** `month` is like 2026-12. */
export function addMonths(month: string, months: number): string {
  return dayjs.utc(`${month}-01`).add(months, 'month').format('YYYY-MM')
}
