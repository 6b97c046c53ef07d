/** The fees or discounts of an offer as a short text. */
import { t } from '@lingui/core/macro'
import type { OfferPriceFragment } from '@/gql/graphql'
import { unitName } from '@/lib/calculation'
import { formatDecimal, formatMoney } from '@/lib/money'

export function priceOf(offer: OfferPriceFragment): string {
  const money = (amount?: string | null) => amount && formatMoney(amount, offer.currency)
  const monthly = money(offer.monthlyFee)
  const once = money(offer.purchaseFee)
  const rate = money(offer.usageRate)
  const unit = offer.usageUnit && unitName(offer.usageUnit)
  const monthlyOff = offer.monthlyPercentOff && formatDecimal(offer.monthlyPercentOff)
  const usageOff = offer.usagePercentOff && formatDecimal(offer.usagePercentOff)
  const parts = [
    monthly && t`${monthly} a month`,
    once && t`${once} once`,
    rate && (unit ? t`${rate} per ${unit}` : t`${rate} per unit`),
    monthlyOff && t`${monthlyOff} % off the monthly fee`,
    usageOff && t`${usageOff} % off usage`,
  ]
  return parts.filter(Boolean).join(', ')
}
