/** The expiration of a card: the end of its month by the business clock. */

export interface Expiration {
  month: number
  year: number
}

export type Validity = 'valid' | 'expiring' | 'expired'

interface Dated {
  expirationMonth?: number | null
  expirationYear?: number | null
}

/** Null for a method that never expires. */
export function expirationOf(method: Dated): Expiration | null {
  const { expirationMonth: month, expirationYear: year } = method
  return month && year ? { month, year } : null
}

/** Expiring: the card expires this month. `today` is a business date: 2026-12-01. */
export function validityOf({ month, year }: Expiration, today: string): Validity {
  const [thisYear = 0, thisMonth = 0] = today.split('-').map(Number)
  const months = (year - thisYear) * 12 + month - thisMonth
  return months < 0 ? 'expired' : months === 0 ? 'expiring' : 'valid'
}

/** "03/2027". */
export function formatExpiration({ month, year }: Expiration): string {
  return `${twoDigits(month)}/${year}`
}

export const months = Array.from({ length: 12 }, (_, index) => twoDigits(index + 1))

const furthest = 20

/** The selectable years: from this year on, and the current year of the card. */
export function yearsFrom(today: string, now?: number | null): string[] {
  const first = Number(today.slice(0, 4))
  const years = Array.from({ length: furthest + 1 }, (_, index) => first + index)
  return [...new Set(now ? [now, ...years] : years)].sort((one, other) => one - other).map(String)
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
