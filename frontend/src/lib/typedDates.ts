/**
 * Reads typed dates: 2026-12-01 14:30, 30.11.2026 23.59, 5.12., 11/30/2026, 5 Dec 26, Dec 5 2pm,
 * next monday, +2w; in German morgen um 14 Uhr, nächsten Freitag, Monatsende, +2 Wochen. Numbers
 * and names of months are read in both languages.
 */
import dayjs, { type Dayjs } from 'dayjs'
import customParseFormat from 'dayjs/plugin/customParseFormat'
import utc from 'dayjs/plugin/utc'
import { language } from './language'
import { type ClockTime, splitTime } from './typedTimes'

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
  /** What the text means where the past is asked for: "3 March", last year; "Monday", last week. */
  preceding?: string
}

const secondsFormat = 'YYYY-MM-DD HH:mm:ss'
const dateFormat = 'YYYY-MM-DD'

const monthNames = [
  ['january', 'januar', 'jänner'],
  ['february', 'februar'],
  ['march', 'märz', 'maerz', 'mrz'],
  ['april'],
  ['may', 'mai'],
  ['june', 'juni'],
  ['july', 'juli'],
  ['august'],
  ['september'],
  ['october', 'oktober'],
  ['november'],
  ['december', 'dezember'],
]

/** Dates of numbers and names of months. Without a year they are the next ones. */
const writtenDates = [
  /^(?<year>\d{4})(?<mark>[-/])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})$/,
  /^(?<day>\d{1,2})\. ?(?<month>\d{1,2})(?:\. ?(?<year>\d{4}|\d{2})?)?$/,
  /^(?<first>\d{1,2})\/(?<second>\d{1,2})(?:\/(?<year>\d{4}|\d{2}))?$/,
  /^(?<day>\d{1,2})\.?(?: ?of)? ?(?<name>\p{L}{3,})\.?(?:,? ?(?<year>\d{4}|\d{2}))?$/iu,
  /^(?<name>\p{L}{3,})\.? ?(?<day>\d{1,2})\.?(?:,? (?<year>\d{4}|\d{2}))?$/iu,
]

/** "5th". */
const ordinal = /\b(\d{1,2})(?:st|nd|rd|th)\b/i

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
  /** The word before a time of day. */
  at: string
}

const words: Record<'en' | 'de', Words> = {
  en: {
    periodEnd: /^end of (?:the )?(?<period>week|month|year)$/i,
    distance: /^\+\s*(?<count>\d{1,3})\s*(?<unit>d|days?|w|weeks?|m|months?|y|years?)$/i,
    periods: { d: 'day', w: 'week', m: 'month', y: 'year' },
    synonyms: [
      [/^heute\b/i, 'today'],
      [/^morgen\b/i, 'tomorrow'],
      [/^gestern\b/i, 'yesterday'],
    ],
    at: 'at',
  },
  de: {
    periodEnd:
      /^(?:(?<period>wochen|monats|jahres)ende|ende (?:de[sr] )?(?<named>woche|monat|jahr)e?s?)$/i,
    distance: /^\+\s*(?<count>\d{1,3})\s*(?<unit>t|tage?n?|w|wochen?|m|monate?n?|j|jahre?n?)$/i,
    periods: { t: 'day', w: 'week', m: 'month', j: 'year' },
    synonyms: [
      [/^(?:kommende[nrms]?|diese[nrms]?) /i, 'nächsten '],
      [/^today\b/i, 'heute'],
      [/^tomorrow\b/i, 'morgen'],
      [/^yesterday\b/i, 'gestern'],
    ],
    at: 'um',
  },
}

/**
 * Null if the text cannot be read as a whole. `now` is the wall time in the business time zone,
 * as a UTC moment. Without a year a date is the next one.
 */
export function readTypedDate(text: string, now: Dayjs): TypedMoment | null {
  const typed = text.trim().replace(/\s+/g, ' ')
  const written = writtenDate(typed, now)
  if (written) return written
  const { date, time } = splitTime(typed)
  if (time) {
    if (date === '') return atTime(today(now), time)
    const read = writtenDate(date, now)
    if (read) return atTime(read, time)
  }
  // The library would find dates in these, such as a day without its month.
  if (/^[\d\s.,:/t-]*$/i.test(date)) return null
  const { periodEnd, distance, periods, synonyms, at } = words[language()]
  const periodOf = (word = '') => periods[word.charAt(0).toLowerCase()] ?? 'day'
  const end = periodEnd.exec(date)?.groups
  if (end) return atTime(endOfPeriod(periodOf(end.period ?? end.named), now), time)
  const ahead = distance.exec(date)?.groups
  if (ahead) return atTime(atMidnight(now.add(Number(ahead.count), periodOf(ahead.unit))), time)
  const known = (said: string) =>
    synonyms.reduce((before, [word, other]) => before.replace(word, other), said)
  const read = naturalDate(known(typed), now)
  return read ?? (time ? naturalDate(`${known(date)} ${at} ${time}`, now) : null)
}

function today(now: Dayjs): TypedMoment {
  return { ...atMidnight(now), following: atMidnight(now.add(1, 'day')).wall }
}

/** The same date at a time of day. */
function atTime(date: TypedMoment, time: ClockTime | null): TypedMoment {
  if (!time) return date
  const { wall, following, preceding } = date
  const at = (midnight: string) => `${midnight.slice(0, 10)} ${time}:00`
  return {
    wall: at(wall),
    hasTime: true,
    following: following && at(following),
    preceding: preceding && at(preceding),
  }
}

function writtenDate(typed: string, now: Dayjs): TypedMoment | null {
  for (const pattern of writtenDates) {
    const found = pattern.exec(typed.replace(ordinal, '$1'))?.groups
    if (!found) continue
    const { year, name, first, second } = found
    const [day, month] =
      first && second
        ? dayAndMonth(Number(first), Number(second))
        : [Number(found.day), name ? monthOf(name) : Number(found.month)]
    if (month === null) continue
    if (!year) return nextDate(month, day, now)
    return midnightOf(Number(year) + (year.length === 2 ? 2000 : 0), month, day)
  }
  return null
}

/** Of 5/12. English has the month first, German the day, unless it can be only the other. */
function dayAndMonth(first: number, second: number): [number, number] {
  const isDayFirst = language() === 'de' ? second <= 12 : first > 12
  return isDayFirst ? [first, second] : [second, first]
}

/** The number of a month whose name begins like this. */
function monthOf(name: string): number | null {
  const typed = name.toLowerCase()
  const index = monthNames.findIndex((names) => names.some((each) => each.startsWith(typed)))
  return index < 0 ? null : index + 1
}

/** The next day with this day and month; February 29 is at most eight years away. */
function nextDate(month: number, day: number, now: Dayjs): TypedMoment | null {
  const today = now.format(dateFormat)
  const all = Array.from({ length: 17 }, (_, index) =>
    midnightOf(now.year() - 8 + index, month, day),
  ).filter((each) => each !== null)
  const isPast = ({ wall }: TypedMoment) => wall.slice(0, 10) < today
  const next = all.find((each) => !isPast(each))
  return next ? { ...next, preceding: all.findLast(isPast)?.wall } : null
}

/** Null for a day that the month does not have. */
function midnightOf(year: number, month: number, day: number): TypedMoment | null {
  const [paddedMonth, paddedDay] = [month, day].map((part) => String(part).padStart(2, '0'))
  const date = dayjs.utc(`${year}-${paddedMonth}-${paddedDay}`, dateFormat, true)
  return date.isValid() ? atMidnight(date) : null
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
  const isNameOfDay = start.isCertain('weekday') && /^\p{L}+\.?$/u.test(typed)
  const preceding = isNameOfDay ? read.subtract(7, 'day').format(secondsFormat) : undefined
  return { wall: read.format(secondsFormat), hasTime, preceding }
}
