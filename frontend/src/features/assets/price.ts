/** What an offer costs, or takes off, in a few words. */
import type { OfferNodeFragment } from '@/gql/graphql'
import { shownDecimal, shownMoney } from '@/lib/money'

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
  const money = (amount: string) => shownMoney(amount, offer.currency)
  const parts = [
    offer.monthlyFee && `${money(offer.monthlyFee)} a month`,
    offer.purchaseFee && `${money(offer.purchaseFee)} once`,
    offer.usageRate && `${money(offer.usageRate)} per ${offer.usageUnit ?? 'unit'}`,
    offer.monthlyPercentOff && `${shownDecimal(offer.monthlyPercentOff)} % off the monthly fee`,
    offer.usagePercentOff && `${shownDecimal(offer.usagePercentOff)} % off usage`,
  ]
  return parts.filter(Boolean).join(', ')
}
