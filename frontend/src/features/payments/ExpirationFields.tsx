/** The fields for the expiration of a card, shared by the dialogs that add and edit cards. */
import { Group, Select, type SelectProps } from '@mantine/core'
import { useBusiness } from '@/lib/business'
import { months, yearsFrom } from './expiration'

export interface ExpirationValues {
  expirationMonth: string | null
  expirationYear: string | null
}

interface ExpirationFieldsProps {
  month: SelectProps
  year: SelectProps
  /** The current year of the card, which may be in the past. */
  yearNow?: number | null
}

export function ExpirationFields({ month, year, yearNow }: ExpirationFieldsProps) {
  const { clock } = useBusiness()
  return (
    <Group grow align="start">
      <Select label="Expiration month" required data={months} allowDeselect={false} {...month} />
      <Select
        label="Expiration year"
        required
        data={yearsFrom(clock.today, yearNow)}
        allowDeselect={false}
        {...year}
      />
    </Group>
  )
}

export const expirationRules = {
  expirationMonth: (month: string | null) => (month ? null : 'Choose the month'),
  expirationYear: (year: string | null) => (year ? null : 'Choose the year'),
}
