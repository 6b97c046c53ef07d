/** The form of a new offer: a charge offer has fees, a discount offer has percentages. */
import { t } from '@lingui/core/macro'
import type { CreateOfferInput, OfferKind } from '@/gql/graphql'
import { optionalText } from '@/lib/payload'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'

export interface OfferValues {
  kind: OfferKind
  code: string
  name: string
  serviceKind: string
  currency: string
  purchaseFee: string
  monthlyFee: string
  cancelFee: string
  usageRate: string
  usageUnit: string
  monthlyPercentOff: string
  usagePercentOff: string
}

export const emptyOffer: OfferValues = {
  kind: 'CHARGE',
  code: '',
  name: '',
  serviceKind: '',
  currency: 'USD',
  purchaseFee: '',
  monthlyFee: '',
  cancelFee: '',
  usageRate: '',
  usageUnit: '',
  monthlyPercentOff: '',
  usagePercentOff: '',
}

const unreadable = t`Enter a number, for example 9.90.`

function fee(typed: string, { kind, currency }: OfferValues): string | null {
  return kind === 'CHARGE' && typed.trim() ? amountProblem(typed, unreadable, currency) : null
}

function numberOf(of: OfferKind) {
  return (typed: string, { kind }: OfferValues) =>
    kind === of && typed.trim() ? amountProblem(typed, unreadable) : null
}

export const offerRules = {
  purchaseFee: fee,
  monthlyFee: fee,
  cancelFee: fee,
  usageRate: numberOf('CHARGE'),
  usageUnit: (unit: string, { kind, usageRate }: OfferValues) =>
    kind === 'CHARGE' && usageRate.trim() && !unit.trim() ? t`Enter the unit of the rate.` : null,
  monthlyPercentOff: numberOf('DISCOUNT'),
  usagePercentOff: numberOf('DISCOUNT'),
}

/** Omits the fields of the other kind, even if they were typed before the kind changed. */
export function offerInput(values: OfferValues): CreateOfferInput {
  const { kind } = values
  const amount = (typed: string, of?: string) => optionalText(typedAmount(typed, of))
  const fees = {
    purchaseFee: amount(values.purchaseFee, values.currency),
    monthlyFee: amount(values.monthlyFee, values.currency),
    cancelFee: amount(values.cancelFee, values.currency),
    usageRate: amount(values.usageRate),
    usageUnit: optionalText(values.usageUnit),
  }
  const percentages = {
    monthlyPercentOff: amount(values.monthlyPercentOff),
    usagePercentOff: amount(values.usagePercentOff),
  }
  return {
    kind,
    code: values.code.trim(),
    name: values.name.trim(),
    serviceKind: optionalText(values.serviceKind),
    currency: values.currency.trim().toUpperCase(),
    ...(kind === 'CHARGE' ? fees : percentages),
  }
}
