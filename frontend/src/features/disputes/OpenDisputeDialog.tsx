/** Opens a dispute of a bill, an item or a charge, in full or in part. */
import { t } from '@lingui/core/macro'
import { Autocomplete, Text } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useDialog } from '@/lib/dialog'
import { amountForField, formatMoney, isPositive } from '@/lib/money'
import { notify } from '@/lib/notify'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'
import { useAction } from '@/lib/useAction'
import { AmountField } from '@/ui/AmountField'
import { FormDialog } from '@/ui/FormDialog'
import { OpenDisputeDocument } from './operations.generated'
import { SubjectLoader } from './SubjectLoader'
import type { MoneySubject } from './subject'

const reasons = [
  t`Never ordered`,
  t`Never used`,
  t`Wrong price`,
  t`Charged twice`,
  t`Service did not work`,
  t`Cancelled before`,
]

export default function OpenDisputeDialog() {
  return (
    <SubjectLoader title={t({ message: 'Dispute', context: 'verb' })}>
      {(subject) => <OpenDisputeForm subject={subject} />}
    </SubjectLoader>
  )
}

function OpenDisputeForm({ subject }: { subject: MoneySubject }) {
  const { close } = useDialog()
  const { name, currency, left } = subject
  const limit = left && isPositive(left) ? formatMoney(left, currency) : null
  const form = useForm({
    initialValues: {
      amount: left && isPositive(left) ? amountForField(left, currency) : '',
      reason: '',
    },
    validate: {
      amount: (value) => amountProblem(value, t`Enter an amount, for example 5.00.`, currency),
      reason: isNotEmpty(t`Enter a reason.`),
    },
  })
  const dispute = useAction(OpenDisputeDocument, (data) => data.openDispute, form)

  async function submit({ amount: typed, reason }: typeof form.values) {
    const amount = typedAmount(typed, currency)
    const payload = await dispute.run({
      input: { ...subject.input, amount, reason: reason.trim() },
    })
    if (!payload) return
    const disputed = formatMoney(amount, currency)
    notify(t`Dispute opened: ${disputed} of ${name}.`)
    close()
  }

  return (
    <FormDialog
      title={t`Dispute ${name}`}
      submit={t`Open dispute`}
      onSubmit={form.onSubmit(submit)}
      busy={dispute.busy}
      problems={dispute.problems}
      form={form}
    >
      <Text size="sm">{t`Not due and not collected while the dispute is open.`}</Text>
      <Autocomplete
        label={t`Reason`}
        required
        data={reasons}
        openOnFocus={false}
        data-autofocus
        {...form.getInputProps('reason')}
      />
      <AmountField
        currency={currency}
        required
        description={limit && t`Up to ${limit}`}
        {...form.getInputProps('amount')}
      />
    </FormDialog>
  )
}
