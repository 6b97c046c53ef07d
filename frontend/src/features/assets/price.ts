/** The fees or discounts of an offer as a short text. */
import type { OfferNodeFragment } from '@/gql/graphql'
import { formatDecimal, formatMoney } from '@/lib/money'

type Priced = Pick<
  OfferNodeFragment['offer'],
  | 'currency'
  | 'monthlyFee'
  | 'purchaseFee'
  | 'usageRate'
  | 'usageUnit'
  | 'monthlyPercentOff'
  | 'usagePercentOff'
>

export function priceOf(offer: Priced): string {
  const money = (amount: string) => formatMoney(amount, offer.currency)
  const parts = [
    offer.monthlyFee && `${money(offer.monthlyFee)} a month`,
    offer.purchaseFee && `${money(offer.purchaseFee)} once`,
    offer.usageRate && `${money(offer.usageRate)} per ${offer.usageUnit ?? 'unit'}`,
    offer.monthlyPercentOff && `${formatDecimal(offer.monthlyPercentOff)} % off the monthly fee`,
    offer.usagePercentOff && `${formatDecimal(offer.usagePercentOff)} % off usage`,
  ]
  return parts.filter(Boolean).join(', ')
}
