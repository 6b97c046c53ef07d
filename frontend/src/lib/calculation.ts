/** The calculation of a charge in one line: "120 minutes × 0.05 USD = 6.00 USD". */
import type { ChargeRowFragment } from '@/gql/graphql'
import { formatDecimal, formatMoney } from './money'

type CalculatedCharge = Pick<ChargeRowFragment, 'quantity' | 'unit' | 'rate' | 'amount' | 'details'>

/** Null for an amount that was not calculated, such as a manual adjustment. */
export function calculation({
  quantity,
  unit,
  rate,
  amount,
  details,
}: CalculatedCharge): string | null {
  if (!amount || !rate) return null
  const is = ` = ${formatMoney(amount.amount, amount.currency)}`
  if (unit === '%') return `${formatDecimal(rate)} % off${daysOf(details)}${is}`
  if (!quantity) return null
  const measured = [formatDecimal(quantity), unitOf(quantity, unit)].filter(Boolean).join(' ')
  return `${measured} × ${formatMoney(rate, amount.currency)}${daysOf(details)}${is}`
}

/** "minutes" for 120, "minute" for 1. Symbols such as MB and SMS have no plural. */
function unitOf(quantity: string, unit: string | null | undefined): string | null | undefined {
  const isWord = unit && /^[a-z]{3,}$/.test(unit) && !unit.endsWith('s')
  return isWord && formatDecimal(quantity) !== '1' ? `${unit}s` : unit
}

/** The charged or credited part of the cycle; empty for a whole cycle. */
function daysOf(details: unknown): string {
  const { days, cycleDays } = (details ?? {}) as { days?: number; cycleDays?: number }
  if (!days || !cycleDays || days === cycleDays) return ''
  return days < 0 ? `, credit for ${-days} of ${cycleDays} days` : `, ${days} of ${cycleDays} days`
}
