/** Reads the time of day at the end of a typed date: 14:30, 23.59, 2pm, 14h, 14 Uhr, at 9. */

/** "14:30". */
export type ClockTime = `${string}:${string}`

const timeAtEnd = new RegExp(
  [
    /(?:^|[\s,]+|(?<=\d)t)(?<at>(?:at|um) )?/,
    /(?<hour>\d{1,2})(?<minutes>(?<mark>[:.h])(?<minute>\d{2})(?::\d{2})?)?/,
    /(?<unit> ?(?:[ap]\.?m\.?|h|uhr|o'clock))?$/,
  ]
    .map(({ source }) => source)
    .join(''),
  'i',
)

interface SplitTime {
  /** The text before the time, which may be empty; the whole text if there is no time. */
  date: string
  time: ClockTime | null
}

export function splitTime(typed: string): SplitTime {
  const match = timeAtEnd.exec(typed)
  const time = match?.groups && clockTime(match.groups, match.index === 0)
  return time ? { date: typed.slice(0, match.index), time } : { date: typed, time: null }
}

function clockTime(parts: Record<string, string | undefined>, isAlone: boolean): ClockTime | null {
  const { at, minutes, mark, minute = '00', unit = '' } = parts
  // A number alone is no time, and "12.13" is no date.
  if (!at && !unit && (!minutes || (isAlone && mark === '.'))) return null
  const half = /[ap]/i.exec(unit.replace(/uhr/i, ''))?.[0].toLowerCase()
  const typedHour = Number(parts.hour)
  if (half && (typedHour < 1 || typedHour > 12)) return null
  const hour = half ? (typedHour % 12) + (half === 'p' ? 12 : 0) : typedHour
  if (hour > 23 || Number(minute) > 59) return null
  return `${String(hour).padStart(2, '0')}:${minute}`
}
