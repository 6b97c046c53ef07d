/** Picks the offers to purchase with a new service. */
import { t } from '@lingui/core/macro'
import { MultiSelect } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTypedSearch } from '@/lib/useTypedSearch'
import {
  type OfferChoice,
  type OfferConditions,
  offerOption,
  useOfferChoices,
} from './offerChoices'

interface OffersPickerProps {
  conditions: OfferConditions
  /** Their codes. */
  value?: string[]
  onChange?: (codes: string[]) => void
  error?: ReactNode
}

export function OffersPicker({ conditions, value = [], onChange, error }: OffersPickerProps) {
  const [picked, setPicked] = useState<OfferChoice[]>([])
  const [search, setTyped] = useTypedSearch(null)
  const { offers } = useOfferChoices(conditions, search)
  const offered = [...picked, ...offers.filter(({ code }) => !value.includes(code))]
  return (
    <MultiSelect
      label={t`Offers to purchase with it`}
      placeholder={
        offers.length > 0 || search ? t`Choose offers` : t`No offers for this kind of service`
      }
      data={offered.map(offerOption)}
      filter={({ options }) => options}
      searchable
      onSearchChange={setTyped}
      clearable
      clearButtonProps={{ 'aria-label': t`Clear the offers` }}
      value={value}
      onChange={(codes) => {
        setPicked(offered.filter(({ code }) => codes.includes(code)))
        onChange?.(codes)
      }}
      error={error}
    />
  )
}
