/**
 * Reads typed dates: 2026-12-01 14:30, 30.11.2026 23.59, 11/30/2026, 30 Nov, next monday, +2w; in
 * German 30.11., morgen um 14 Uhr, nächsten Freitag, Monatsende, +2 Wochen.
 */
import dayjs, { type Dayjs } from 'dayjs'
import customParseFormat from 'dayjs/plugin/customParseFormat'
import utc from 'dayjs/plugin/utc'
import { language } from './language'

dayjs.extend(customParseFormat)
dayjs.extend(utc)

/** The words of the language are loaded with the first field for a date. */
const chrono = language() === 'de' ? await import('chrono-node/de') : await import('chrono-node/en')

/** A wall time ("2026-12-01 14:30:00"). Without a time of day in the text it is midnight. */
export interface TypedMoment {
  wall: string
  hasTime: boolean
  /** What the text means if `wall` has passed: "end of month", typed on the last day. */
  following?: string
}

const secondsFormat = 'YYYY-MM-DD HH:mm:ss'

const numericDates = [
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})/,
  /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})/,
  // The month comes first, unless only the second number can be one.
  /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})/,
]
const timeAfterDate = /^(?:t|,?\s+)(?<hour>\d{1,2})[:.](?<minute>\d{2})(?::\d{2})?$/i
type Period = 'day' | 'week' | 'month' | 'year'

interface Words {
  /** The end of a period, which is in one of the groups. */
  periodEnd: RegExp
  /** A number of periods from today. */
  distance: RegExp
  /** The periods by the first letter of their words. */
  periods: Record<string, Period>
  /** Words that the library does not know, and those that it knows. */
  synonyms: [RegExp, string][]
}

const words: Record<'en' | 'de', Words> = {
  en: {
    periodEnd: /^end of (?:the )?(?<period>week|month|year)$/i,
    distance: /^\+\s*(?<count>\d{1,3})\s*(?<unit>d|days?|w|weeks?|m|months?|y|years?)$/i,
    periods: { d: 'day', w: 'week', m: 'month', y: 'year' },
    synonyms: [],
  },
  de: {
    periodEnd:
      /^(?:(?<period>wochen|monats|jahres)ende|ende (?:de[sr] )?(?<named>woche|monat|jahr)e?s?)$/i,
    distance: /^\+\s*(?<count>\d{1,3})\s*(?<unit>t|tage?n?|w|wochen?|m|monate?n?|j|jahre?n?)$/i,
    periods: { t: 'day', w: 'week', m: 'month', j: 'year' },
    synonyms: [
      [/^(?:kommende[nrms]?|diese[nrms]?) /i, 'nächsten '],
      [/^(\d{1,2}) (?=\p{L})/u, '$1. '],
    ],
  },
}

/** "30.11." of the German form, with a time of day. */
const dayAndMonth = /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<rest>(?:,?\s+\d{1,2}[:.]\d{2})?)$/

/**
 * Null if the text cannot be read as a whole. `now` is the wall time in the business time zone,
 * as a UTC moment. Without a year a date is the next one.
 */
export function readTypedDate(text: string, now: Dayjs): TypedMoment | null {
  const typed = text.trim()
  const short = language() === 'de' ? dayAndMonth.exec(typed)?.groups : undefined
  if (short) return nextDate(short, now)
  if (/^[\d\s.,:/t-]*$/i.test(typed)) return numericDate(typed)
  const { periodEnd, distance, periods, synonyms } = words[language()]
  const periodOf = (word = '') => periods[word.charAt(0).toLowerCase()] ?? 'day'
  const end = periodEnd.exec(typed)?.groups
  if (end) return endOfPeriod(periodOf(end.period ?? end.named), now)
  const ahead = distance.exec(typed)?.groups
  if (ahead) return atMidnight(now.add(Number(ahead.count), periodOf(ahead.unit)))
  const known = synonyms.reduce((said, [word, other]) => said.replace(word, other), typed)
  return naturalDate(known, now)
}

/** The next day with this day and month. */
function nextDate({ day, month, rest }: Record<string, string>, now: Dayjs): TypedMoment | null {
  const today = now.format('YYYY-MM-DD')
  const inYear = (year: number) => numericDate(`${day}.${month}.${year}${rest}`)
  const read = inYear(now.year())
  return read && read.wall.slice(0, 10) < today ? inYear(now.year() + 1) : read
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

function endOfPeriod(period: Period, now: Dayjs): TypedMoment {
  const following = atMidnight(endOf(period, now.add(1, period))).wall
  return { ...atMidnight(endOf(period, now)), following }
}

/** The last day of the period; a week ends on Sunday. */
function endOf(period: Period, now: Dayjs): Dayjs {
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
  // On a Monday "mon" is the next one: the beginning of today has passed.
  const isToday = start.isCertain('weekday') && !start.isCertain('day') && day === now.date()
  const read = dayjs
    .utc(Date.UTC(year, month - 1, day))
    .add(isToday && !hasTime ? 7 : 0, 'day')
    .hour(hasTime ? (start.get('hour') ?? 0) : 0)
    .minute(hasTime ? (start.get('minute') ?? 0) : 0)
  return { wall: read.format(secondsFormat), hasTime }
}
