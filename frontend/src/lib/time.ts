/** Instants are kept in UTC, and shown and typed in the business time zone. */
import { language } from './language'

/** English as in Europe: the day comes before the month, and the clock has 24 hours. */
const regions = { en: 'en-GB', de: 'de-DE' } as const

const formats = new Map<string, Intl.DateTimeFormat>()

/** The format of a date with a time in a field: 2026-12-01 00:00. */
export const wallFormat = 'YYYY-MM-DD HH:mm'

/** "1 Dec 2026", and the time of day unless it is midnight. */
export function formatInstant(instant: string, zone: string): string {
  const time = format(instant, { hour: '2-digit', minute: '2-digit' }, zone)
  const date = format(instant, shortDate, zone)
  return time === '00:00' ? date : `${date}, ${time}`
}

/** "Mon 30 Nov 2026", and the time of day unless it is midnight. */
export function formatWithWeekday(instant: string, zone: string): string {
  return `${format(instant, { weekday: 'short' }, zone)} ${formatInstant(instant, zone)}`
}

export function formatUtc(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** "1 Dec 2026" of a business date. */
export function formatDate(date: string): string {
  return format(date, shortDate)
}

/** The date of an instant in the zone, without the time of day. */
export function formatDateOf(instant: string, zone: string): string {
  return format(instant, shortDate, zone)
}

/** "1 Nov – 30 Nov 2026" of the half-open period from 1 November to 1 December. */
export function formatPeriod(start: string, end: string): string {
  const last = addDays(end, -1)
  const isOneYear = start.slice(0, 4) === last.slice(0, 4)
  const first = format(start, isOneYear ? { day: 'numeric', month: 'short' } : shortDate)
  return `${first} – ${formatDate(last)}`
}

/** "Thursday, 3 December 2026". */
export function formatDay(date: string): string {
  const weekday = format(date, { weekday: 'long' })
  return `${weekday}, ${format(date, { ...shortDate, month: 'long' })}`
}

/** "December 2026" of 2026-12. */
export function formatMonth(month: string): string {
  return format(`${month}-01`, { month: 'long', year: 'numeric' })
}

/** "Dec" of 2026-12, and "Jan 2027" of 2027-01. */
export function formatShortMonth(month: string): string {
  const year = month.endsWith('-01') ? 'numeric' : undefined
  return format(`${month}-01`, { month: 'short', year })
}

const shortDate: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' }

/** The formats are kept: to make one takes much longer than to use it. */
function format(
  instant: string,
  options: Intl.DateTimeFormatOptions,
  timeZone = 'UTC',
  region: string = regions[language()],
): string {
  const key = JSON.stringify([region, timeZone, options])
  const known =
    formats.get(key) ?? new Intl.DateTimeFormat(region, { ...options, timeZone, hourCycle: 'h23' })
  formats.set(key, known)
  return known.format(new Date(instant))
}

/** "2026-12-01 00:00" of an instant: the time on a clock in the zone. */
export function wallOf(instant: string, zone: string): string {
  // The Swedish form of a date is that of ISO 8601.
  return format(instant, { dateStyle: 'short', timeStyle: 'short' }, zone, 'sv-SE')
}

/** The instant of a wall time ("2026-12-01 00:00") in the business time zone. */
export function instantOf(wall: string, zone: string): string {
  const asUtc = momentOf(wall)
  const earlier = new Date(asUtc - offsetAt(asUtc, zone)).getTime()
  // The offset there counts: the first one may be that of the other side of a change of the clocks.
  return new Date(asUtc - offsetAt(earlier, zone)).toISOString()
}

/** How far the clocks of the zone are ahead of UTC, in milliseconds. */
function offsetAt(moment: number, zone: string): number {
  const minute = Math.floor(moment / 60_000) * 60_000
  return momentOf(wallOf(new Date(minute).toISOString(), zone)) - minute
}

/** A wall time as if it were UTC. */
function momentOf(wall: string): number {
  return Date.parse(`${wall.replace(' ', 'T')}Z`)
}

/** "Mon 30 Nov 2026, 23:59" of a wall time. */
export function formatWallTime(wall: string): string {
  const moment = new Date(momentOf(wall)).toISOString()
  const weekday = format(moment, { weekday: 'short' })
  return `${weekday} ${format(moment, shortDate)}, ${moment.slice(11, 16)}`
}

/** A date of the years 1000 to 2999: the days and months around it are dates too. */
export function isDate(text: string): boolean {
  return /^[12]\d{3}-\d{2}-\d{2}$/.test(text) && addDays(text, 0) === text
}

export function isMonth(text: string): boolean {
  return isDate(`${text}-01`)
}

/** Empty if `date` is not a date. */
export function addDays(date: string, days: number): string {
  const moment = new Date(`${date}T00:00Z`)
  moment.setUTCDate(moment.getUTCDate() + days)
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString().slice(0, 10)
}

/** `month` is like 2026-12. */
export function addMonths(month: string, months: number): string {
  const moment = new Date(`${month}-01T00:00Z`)
  moment.setUTCMonth(moment.getUTCMonth() + months)
  return moment.toISOString().slice(0, 7)
}
