/** Picks the offer to purchase. */
import { t } from '@lingui/core/macro'
import { useMemo, useState } from 'react'
import { useTypedSearch } from '@/lib/useTypedSearch'
import { PickField, type PickFieldProps } from '@/ui/PickField'
import {
  type OfferChoice,
  type OfferConditions,
  offerOption,
  useOfferChoices,
} from './offerChoices'

interface OfferPickerProps extends Omit<PickFieldProps, 'options' | 'onType'> {
  conditions: OfferConditions
}

export function OfferPicker({ conditions, onChange, ...rest }: OfferPickerProps) {
  const [picked, setPicked] = useState<OfferChoice | null>(null)
  const current = picked && picked.code === rest.value ? picked : null
  const [search, setTyped] = useTypedSearch(current && offerOption(current).label)
  const { offers, fetching } = useOfferChoices(conditions, search)
  const options = useMemo(() => {
    const others = offers.filter(({ code }) => code !== current?.code)
    return (current ? [current, ...others] : others).map(offerOption)
  }, [offers, current])
  return (
    <PickField
      label={t`Offer`}
      placeholder={t`Choose an offer`}
      nothing={fetching ? t`Searching…` : t`No offers available`}
      options={options}
      onType={setTyped}
      onChange={(code) => {
        setPicked(offers.find((each) => each.code === code) ?? null)
        onChange?.(code)
      }}
      {...rest}
    />
  )
}
