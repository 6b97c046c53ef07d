/** When a card expires: at the end of its month, as the business clock has it. */

export interface Expiration {
  month: number
  year: number
}

export type Standing = 'valid' | 'expiring' | 'expired'

interface Dated {
  expirationMonth?: number | null
  expirationYear?: number | null
}

/** Null for what never expires. */
export function expirationOf(method: Dated): Expiration | null {
  const { expirationMonth: month, expirationYear: year } = method
  return month && year ? { month, year } : null
}

/** Expiring: this month is its last. `today` is a business date: 2026-12-01. */
export function standingOf({ month, year }: Expiration, today: string): Standing {
  const [thisYear = 0, thisMonth = 0] = today.split('-').map(Number)
  const months = (year - thisYear) * 12 + month - thisMonth
  return months < 0 ? 'expired' : months === 0 ? 'expiring' : 'valid'
}

/** "03/2027". */
export function shownExpiration({ month, year }: Expiration): string {
  return `${twoDigits(month)}/${year}`
}

export const months = Array.from({ length: 12 }, (_, place) => twoDigits(place + 1))

const furthest = 20

/** The years that can be chosen: from this one on, and the one that the card has now. */
export function yearsFrom(today: string, now?: number | null): string[] {
  const first = Number(today.slice(0, 4))
  const years = Array.from({ length: furthest + 1 }, (_, place) => first + place)
  return [...new Set(now ? [now, ...years] : years)].sort((one, other) => one - other).map(String)
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
