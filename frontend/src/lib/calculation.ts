/** How the amount of a charge came about, in one line: "120 minute × 0.05 USD = 6.00 USD". */
import type { ChargeRowFragment } from '@/gql/graphql'
import { shownDecimal, shownMoney } from './money'

type CalculatedCharge = Pick<ChargeRowFragment, 'quantity' | 'unit' | 'rate' | 'amount' | 'details'>

/** Null where there is nothing to reckon: what was adjusted by hand is as it is. */
export function calculation({
  quantity,
  unit,
  rate,
  amount,
  details,
}: CalculatedCharge): string | null {
  if (!amount || !rate) return null
  const is = ` = ${shownMoney(amount.amount, amount.currency)}`
  if (unit === '%') return `${shownDecimal(rate)} % off${daysOf(details)}${is}`
  if (!quantity) return null
  const many = [shownDecimal(quantity), unit].filter(Boolean).join(' ')
  return `${many} × ${shownMoney(rate, amount.currency)}${daysOf(details)}${is}`
}

/** Where only a part of the cycle is charged. */
function daysOf(details: unknown): string {
  const { days, cycleDays } = (details ?? {}) as { days?: number; cycleDays?: number }
  return days && cycleDays && days !== cycleDays ? `, ${Math.abs(days)} of ${cycleDays} days` : ''
}
