import { t } from '@lingui/core/macro'
import { Checkbox, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { billingDayProblem, typedBillingDay } from '@/lib/wholeNumbers'
import { AccountPicker, type PickedAccount } from '@/ui/AccountPicker'
import { FieldRow } from '@/ui/FieldRow'
import { FormDialog } from '@/ui/FormDialog'
import {
  AccountFields,
  type AccountValues,
  accountInput,
  accountRules,
  accountValues,
} from './AccountFields'
import { accountLink } from './links'
import { CreateAccountDocument } from './operations.generated'

interface Values extends AccountValues {
  number: string
  currency: string
  billingDayOfMonth: string
  parentId: string | null
  parentPays: boolean
}

export default function CreateAccountDialog() {
  const navigate = useNavigate()
  const [parent, setParent] = useState<PickedAccount | null>(null)
  const form = useForm<Values>({
    initialValues: {
      ...accountValues(),
      number: '',
      currency: 'USD',
      billingDayOfMonth: '',
      parentId: null,
      parentPays: false,
    },
    validate: { ...accountRules, billingDayOfMonth: billingDayProblem },
  })
  const create = useAction(CreateAccountDocument, (data) => data.createAccount, form)

  async function submit(values: Values) {
    const payload = await create.run({
      input: {
        ...accountInput(values),
        number: optionalText(values.number),
        currency: values.currency.trim().toUpperCase(),
        billingDayOfMonth: typedBillingDay(values.billingDayOfMonth),
        parentId: values.parentId ?? undefined,
        parentPays: parent ? values.parentPays : false,
      },
    })
    if (!payload?.account) return
    const { number } = payload.account
    notify(t`Account ${number} created.`)
    void navigate({
      ...accountLink(number),
      replace: true,
      ignoreBlocker: true,
    })
  }

  return (
    <FormDialog
      title={t`New account`}
      submit={t`Create account`}
      onSubmit={form.onSubmit(submit)}
      busy={create.busy}
      problems={create.problems}
      form={form}
    >
      <AccountFields form={form} />
      <TextInput
        label={t`Number`}
        description={t`Leave blank to generate`}
        {...form.getInputProps('number')}
      />
      <FieldRow>
        <TextInput label={t`Currency`} required maxLength={3} {...form.getInputProps('currency')} />
        <TextInput
          label={t`Billing day of month`}
          placeholder={t`1 to 31`}
          inputMode="numeric"
          autoComplete="off"
          {...form.getInputProps('billingDayOfMonth')}
        />
      </FieldRow>
      <AccountPicker
        label={t`Parent in the hierarchy`}
        description={t`Optional`}
        picked={parent}
        onPick={(picked) => {
          setParent(picked)
          form.setFieldValue('parentId', picked?.id ?? null)
        }}
        error={form.errors.parentId}
      />
      {parent && (
        <Checkbox
          label={t`The parent pays`}
          description={t`The parent is billed. Otherwise this account is.`}
          {...form.getInputProps('parentPays', { type: 'checkbox' })}
        />
      )}
    </FormDialog>
  )
}
