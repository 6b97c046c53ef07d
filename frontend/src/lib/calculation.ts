/** The calculation of a charge in one line: "120 minutes × 0.05 USD = 6.00 USD". */
import { plural, t } from '@lingui/core/macro'
import type { ChargeRowFragment } from '@/gql/graphql'
import { formatDecimal, formatMoney, productOf } from './money'

type CalculatedCharge = Pick<
  ChargeRowFragment,
  'kind' | 'quantity' | 'unit' | 'rate' | 'amount' | 'details'
>

/**
 * Null for an amount that was not calculated, such as a manual adjustment. The usage of an item is
 * rounded as a whole, so the amount of one event is not its own product (rules 6.3).
 */
export function calculation({
  kind,
  quantity,
  unit,
  rate,
  amount,
  details,
}: CalculatedCharge): string | null {
  if (!amount || !rate) return null
  const charged = formatMoney(amount.amount, amount.currency)
  if (unit === '%') return `${percentOff(rate)}${daysOf(details)} = ${charged}`
  if (!quantity) return null
  const measured = [formatDecimal(quantity), unitOf(quantity, unit)].filter(Boolean).join(' ')
  const price = `${measured} × ${formatMoney(rate, amount.currency)}${daysOf(details)}`
  const product = formatMoney(productOf(quantity, rate), amount.currency)
  return kind === 'USAGE' && product !== charged
    ? t`${price} = ${product}, rounded with the other usage to ${charged}`
    : `${price} = ${charged}`
}

/**
 * The usual units in words: "minutes" for 120, "minute" for 1. Other units are shown as the catalog
 * has them; symbols such as MB and SMS have no plural.
 */
export function unitOf(
  quantity: string,
  unit: string | null | undefined,
): string | null | undefined {
  const count = formatDecimal(quantity) === '1' ? 1 : 2
  switch (unit) {
    case 'minute':
      return plural(count, { one: 'minute', other: 'minutes' })
    case 'second':
      return plural(count, { one: 'second', other: 'seconds' })
    case 'hour':
      return plural(count, { one: 'hour', other: 'hours' })
    case 'day':
      return plural(count, { one: 'day', other: 'days' })
    case 'month':
      return plural(count, { one: 'month', other: 'months' })
    case 'message':
      return plural(count, { one: 'message', other: 'messages' })
    case 'call':
      return plural(count, { one: 'call', other: 'calls' })
    default:
      return unit
  }
}

/** A usual unit in words, after "per": "minute". */
export function unitName(unit: string): string {
  return unitOf('1', unit) ?? unit
}

function percentOff(rate: string): string {
  const off = formatDecimal(rate)
  return t`${off} % off`
}

/** The charged or credited part of the cycle; empty for a whole cycle. */
function daysOf(details: unknown): string {
  const { days, cycleDays } = (details ?? {}) as { days?: number; cycleDays?: number }
  if (!days || !cycleDays || days === cycleDays) return ''
  const charged = Math.abs(days)
  return days < 0
    ? t`, credit for ${charged} of ${cycleDays} days`
    : t`, ${charged} of ${cycleDays} days`
}
