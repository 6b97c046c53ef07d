/** The fields of the dialogs that create and edit an account: values, inputs and mapping. */
import { t } from '@lingui/core/macro'
import { Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { AccountToEditQuery, Rank } from '@/gql/graphql'
import { optionsOf, rankLabels } from '@/lib/labels'
import { amountForField } from '@/lib/money'
import { optionalText } from '@/lib/payload'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'
import { FieldRow } from '@/ui/FieldRow'

export interface AccountValues {
  name: string
  email: string
  phone: string
  rank: Rank | null
  creditLimit: string
  currency: string
}

type EditedAccount = NonNullable<AccountToEditQuery['account']>

/** The initial values of a form: empty, or those of the edited account. */
export function accountValues(account?: EditedAccount): AccountValues {
  return {
    name: account?.name ?? '',
    email: account?.email ?? '',
    phone: account?.phone ?? '',
    rank: account?.rank ?? null,
    creditLimit: account?.creditLimit
      ? amountForField(account.creditLimit.amount, account.currency)
      : '',
    currency: account?.currency ?? 'USD',
  }
}

/** The fields of the mutation input. A blank field is null, which means "none". */
export function accountInput(values: AccountValues) {
  return {
    name: values.name.trim(),
    email: optionalText(values.email) ?? null,
    phone: optionalText(values.phone) ?? null,
    rank: values.rank,
    creditLimit: optionalText(typedAmount(values.creditLimit, values.currency)) ?? null,
  }
}

export function AccountFields<Values extends AccountValues>({
  form,
}: {
  form: UseFormReturnType<Values>
}) {
  return (
    <>
      <TextInput label={t`Name`} required data-autofocus {...form.getInputProps('name')} />
      <FieldRow>
        <TextInput label={t`E-mail`} type="email" {...form.getInputProps('email')} />
        <TextInput label={t`Phone`} type="tel" {...form.getInputProps('phone')} />
      </FieldRow>
      <FieldRow>
        <Select
          label={t`Rank`}
          placeholder={t({ message: 'None', context: 'rank' })}
          clearable
          clearButtonProps={{ 'aria-label': t`No rank` }}
          data={optionsOf(rankLabels)}
          {...form.getInputProps('rank')}
        />
        <TextInput
          label={t`Credit limit`}
          placeholder={t({ message: 'None', context: 'credit limit' })}
          inputMode="decimal"
          {...form.getInputProps('creditLimit')}
        />
      </FieldRow>
    </>
  )
}

export const accountRules = {
  name: (value: string) => (value.trim() ? null : t`Enter a name`),
  creditLimit: (value: string, { currency }: AccountValues) =>
    value.trim() ? amountProblem(value, t`Enter an amount, for example 250.00.`, currency) : null,
}
