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

/** Reads 08/30, 8/2030 or 0830. Null if it is no month with a year. */
export function readExpiration(typed: string): Expiration | null {
  const parts = /^(\d{1,2})\s*[/.-]\s*(\d{2}|\d{4})$|^(\d{2})(\d{2}|\d{4})$/.exec(typed.trim())
  const month = Number(parts?.[1] ?? parts?.[3])
  const year = parts?.[2] ?? parts?.[4]
  if (!year || month < 1 || month > 12) return null
  return { month, year: Number(year.length === 2 ? `20${year}` : year) }
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
