/** Time as the business tells it: instants in UTC, shown and typed in the business time zone. */
import dayjs, { type Dayjs } from 'dayjs'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'

dayjs.extend(utc)
dayjs.extend(timezone)

/** How a date with its time is written in a field: 2026-12-01 00:00. */
export const wallFormat = 'YYYY-MM-DD HH:mm'

export function inZone(instant: string, zone: string): Dayjs {
  return dayjs.utc(instant).tz(zone)
}

/** "1 Dec 2026", and the time of day unless it is midnight. */
export function shown(instant: string, zone: string): string {
  const moment = inZone(instant, zone)
  return moment.format(
    moment.hour() === 0 && moment.minute() === 0 ? 'D MMM YYYY' : 'D MMM YYYY, HH:mm',
  )
}

/** "Mon 30 Nov 2026", and the time of day unless it is midnight. */
export function shownWithWeekday(instant: string, zone: string): string {
  return `${inZone(instant, zone).format('ddd')} ${shown(instant, zone)}`
}

export function shownUtc(instant: string): string {
  return `${dayjs.utc(instant).format('YYYY-MM-DD HH:mm:ss')} UTC`
}

export function shownDate(date: string): string {
  return dayjs.utc(date).format('D MMM YYYY')
}

/** "1 Nov – 30 Nov 2026" of the half-open period from 1 November to 1 December. */
export function shownPeriod(start: string, end: string): string {
  const [first, last] = [dayjs.utc(start), dayjs.utc(end).subtract(1, 'day')]
  return `${first.format(first.year() === last.year() ? 'D MMM' : 'D MMM YYYY')} – ${last.format('D MMM YYYY')}`
}

/** "Thursday, 3 December 2026". */
export function shownDay(date: string): string {
  return dayjs.utc(date).format('dddd, D MMMM YYYY')
}

/** "December 2026" of 2026-12. */
export function shownMonth(month: string): string {
  return dayjs.utc(`${month}-01`).format('MMMM YYYY')
}

/** The instant of a wall time ("2026-12-01 00:00") in the business time zone. */
export function instantOf(wall: string, zone: string): string {
  return dayjs.tz(wall, zone).toISOString()
}

export function wallOf(instant: string, zone: string): string {
  return inZone(instant, zone).format(wallFormat)
}

/** The business day as a date to reckon with; midnight is always 00:00 there, whatever the clocks do. */
export function todayOf(now: string, zone: string): Dayjs {
  return dayjs.utc(inZone(now, zone).format('YYYY-MM-DD'))
}

/** What a person may type for a date: 2026-12-01, 2026-12-01 14:30, 1 Dec 2026, 1.12.2026. Null if it is none. */
export function parseWall(text: string): string | null {
  const typed = text.trim().replace(',', '')
  const [, date = '', time] = /^(.*?)(?:[ T](\d{1,2}:\d{2})(?::\d{2})?)?$/.exec(typed) ?? []
  const day = parseDay(date.trim())
  if (!day) return null
  const [hour, minute] = (time ?? '0:00').split(':').map(Number)
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59) return null
  return `${day} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`
}

function parseDay(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)
  if (dotted) return dayOf(Number(dotted[3]), Number(dotted[2]), Number(dotted[1]))
  if (!/^\d{1,2} [A-Za-z]{3,9} \d{4}$/.test(text)) return null
  const named = new Date(`${text} 00:00 UTC`)
  return Number.isNaN(named.getTime()) ? null : named.toISOString().slice(0, 10)
}

function dayOf(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  return date.toISOString().slice(0, 10)
}
