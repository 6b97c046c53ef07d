/** The form of a new offer: a charge offer has fees, a discount offer has percentages. */
import { t } from '@lingui/core/macro'
import type { CreateOfferInput, OfferKind } from '@/gql/graphql'
import { isAmount } from '@/lib/money'
import { optionalText } from '@/lib/payload'

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

function rule(of: OfferKind) {
  return (typed: string, { kind }: OfferValues) =>
    kind !== of || typed.trim() === '' || isAmount(typed)
      ? null
      : t`Enter a number, for example 9.90.`
}

export const offerRules = {
  purchaseFee: rule('CHARGE'),
  monthlyFee: rule('CHARGE'),
  cancelFee: rule('CHARGE'),
  usageRate: rule('CHARGE'),
  usageUnit: (unit: string, { kind, usageRate }: OfferValues) =>
    kind === 'CHARGE' && usageRate.trim() && !unit.trim() ? t`Enter the unit of the rate.` : null,
  monthlyPercentOff: rule('DISCOUNT'),
  usagePercentOff: rule('DISCOUNT'),
}

/** Omits the fields of the other kind, even if they were typed before the kind changed. */
export function offerInput(values: OfferValues): CreateOfferInput {
  const { kind } = values
  const fees = {
    purchaseFee: optionalText(values.purchaseFee),
    monthlyFee: optionalText(values.monthlyFee),
    cancelFee: optionalText(values.cancelFee),
    usageRate: optionalText(values.usageRate),
    usageUnit: optionalText(values.usageUnit),
  }
  const percentages = {
    monthlyPercentOff: optionalText(values.monthlyPercentOff),
    usagePercentOff: optionalText(values.usagePercentOff),
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
