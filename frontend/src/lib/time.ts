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

/** The wall time as a UTC moment, so that date arithmetic ignores daylight saving time. */
export function wallNow(now: string, zone: string): Dayjs {
  return dayjs.utc(inZone(now, zone).format('YYYY-MM-DD HH:mm:ss'))
}

/** "Mon 30 Nov 2026, 23:59" of a wall time. */
export function formatWallTime(wall: string): string {
  return dayjs.utc(wall).format('ddd D MMM YYYY, HH:mm')
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
