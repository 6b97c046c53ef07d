import { t } from '@lingui/core/macro'
import { Checkbox, Select, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from 'urql'
import type { PaymentMethodKind } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { optionsOf, paymentMethodLabel, paymentMethodLabels } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { FieldRow } from '@/ui/FieldRow'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ExpirationField, expirationRule } from './ExpirationField'
import { readExpiration } from './expiration'
import { AddPaymentMethodDocument, PaymentMethodAccountDocument } from './operations.generated'

export default function AddPaymentMethodDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({ query: PaymentMethodAccountDocument, variables: { id } })
  const account = result.data?.account
  if (account) return <AddForm account={account} isFirst={account.paymentMethods.length === 0} />
  return (
    <DialogFrame title={t`Add payment method`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no account with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

interface Values {
  kind: PaymentMethodKind
  token: string
  brand: string
  lastFour: string
  expiration: string
  makeDefault: boolean
}

const simulatedTokens = [
  'tok_ok',
  'tok_invalid_card',
  'tok_expired',
  'tok_insufficient_funds',
  'tok_validation_failed',
].join(', ')

const tokenHint = [
  t`From the payment gateway.`,
  t`The simulated gateway accepts ${simulatedTokens} and tok_no_answer.`,
].join(' ')

const explained: Record<PaymentMethodKind, string> = {
  CREDIT_CARD: [
    t`Card numbers are never entered here. The payment gateway issues a token.`,
    t`Tenure stores the brand, the last four digits and the expiration date.`,
  ].join(' '),
  DIRECT_DEBIT: t`Bank account numbers are never entered here. The payment gateway issues a token.`,
  INVOICE: t`Nothing is collected. Customer pays by the due date.`,
}

function AddForm({
  account,
  isFirst,
}: {
  account: { id: string; name: string }
  isFirst: boolean
}) {
  const { close } = useDialog()
  const form = useForm<Values>({
    initialValues: {
      kind: 'CREDIT_CARD',
      token: '',
      brand: '',
      lastFour: '',
      expiration: '',
      makeDefault: true,
    },
    validate: {
      token: (token, { kind }) =>
        kind === 'INVOICE' || token.trim() ? null : t`Enter the token from the gateway`,
      lastFour: (digits, { kind }) =>
        kind !== 'CREDIT_CARD' || /^\d{4}$/.test(digits.trim())
          ? null
          : t`Enter the last four digits.`,
      expiration: (typed, { kind }) => (kind === 'CREDIT_CARD' ? expirationRule(typed) : null),
    },
  })
  const add = useAction(AddPaymentMethodDocument, (data) => data.addPaymentMethod, form)
  const { kind } = form.values
  const { name } = account

  async function submit(values: Values) {
    const expiration = readExpiration(values.expiration)
    const card = {
      brand: optionalText(values.brand),
      lastFour: optionalText(values.lastFour),
      expirationMonth: expiration?.month,
      expirationYear: expiration?.year,
    }
    const payload = await add.run({
      input: {
        accountId: account.id,
        kind,
        token: kind === 'INVOICE' ? undefined : optionalText(values.token),
        ...(kind === 'CREDIT_CARD' ? card : {}),
        makeDefault: values.makeDefault,
      },
    })
    if (!payload) return
    const label = payload.paymentMethod && paymentMethodLabel(payload.paymentMethod)
    notify(label ? t`${label} added.` : t`The payment method added.`)
    close()
  }

  return (
    <FormDialog
      title={t`Add payment method to ${name}`}
      submit={t`Add payment method`}
      onSubmit={form.onSubmit(submit)}
      busy={add.busy}
      problems={add.problems}
      form={form}
    >
      <Select
        label={t`Kind`}
        data={optionsOf(paymentMethodLabels)}
        allowDeselect={false}
        data-autofocus
        {...form.getInputProps('kind')}
      />
      <Text size="sm">{explained[kind]}</Text>
      {kind !== 'INVOICE' && (
        <TextInput
          label={t`Token`}
          required
          description={tokenHint}
          autoComplete="off"
          {...form.getInputProps('token')}
        />
      )}
      {kind === 'CREDIT_CARD' && (
        <>
          <FieldRow>
            <TextInput
              label={t`Brand`}
              placeholder="Visa"
              autoComplete="off"
              {...form.getInputProps('brand')}
            />
            <TextInput
              label={t`Last four digits`}
              required
              placeholder="4242"
              inputMode="numeric"
              maxLength={4}
              autoComplete="off"
              {...form.getInputProps('lastFour')}
            />
          </FieldRow>
          <ExpirationField {...form.getInputProps('expiration')} />
        </>
      )}
      {isFirst ? (
        <Text size="sm">{t`The first payment method becomes the default.`}</Text>
      ) : (
        <Checkbox
          label={t`Make default`}
          {...form.getInputProps('makeDefault', { type: 'checkbox' })}
        />
      )}
    </FormDialog>
  )
}
