/** The fields that creating and editing an account have in common. */
import { Group, Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Rank } from '@/gql/graphql'
import { optionsOf, rankLabels } from '@/lib/labels'
import { isAmount } from '@/lib/money'

export interface AccountValues {
  name: string
  email: string
  phone: string
  rank: Rank | null
  creditLimit: string
}

export function AccountFields<Values extends AccountValues>({
  form,
}: {
  form: UseFormReturnType<Values>
}) {
  return (
    <>
      <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
      <Group grow align="start">
        <TextInput label="E-mail" type="email" {...form.getInputProps('email')} />
        <TextInput label="Phone" type="tel" {...form.getInputProps('phone')} />
      </Group>
      <Group grow align="start">
        <Select
          label="Rank"
          placeholder="None"
          clearable
          clearButtonProps={{ 'aria-label': 'No rank' }}
          data={optionsOf(rankLabels)}
          {...form.getInputProps('rank')}
        />
        <TextInput
          label="Credit limit"
          placeholder="None"
          inputMode="decimal"
          {...form.getInputProps('creditLimit')}
        />
      </Group>
    </>
  )
}

export const accountRules = {
  name: (value: string) => (value.trim() ? null : 'Enter a name'),
  creditLimit: (value: string) =>
    value.trim() === '' || isAmount(value) ? null : 'Enter an amount, for example 250.00.',
}
