/** Opens a dispute of a bill, an item or a charge, in full or in part. */
import { Autocomplete, Text } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useDialog } from '@/lib/dialog'
import { amountForField, formatMoney, isAmount, isPositive } from '@/lib/money'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { AmountField } from '@/ui/AmountField'
import { FormDialog } from '@/ui/FormDialog'
import { OpenDisputeDocument } from './operations.generated'
import { SubjectLoader } from './SubjectLoader'
import type { MoneySubject } from './subject'

const reasons = [
  'Never ordered',
  'Never used',
  'Wrong price',
  'Charged twice',
  'Service did not work',
  'Cancelled before',
]

export default function OpenDisputeDialog() {
  return (
    <SubjectLoader title="Dispute">
      {(subject) => <OpenDisputeForm subject={subject} />}
    </SubjectLoader>
  )
}

function OpenDisputeForm({ subject }: { subject: MoneySubject }) {
  const { close } = useDialog()
  const { currency, left } = subject
  const form = useForm({
    initialValues: {
      amount: left && isPositive(left) ? amountForField(left, currency) : '',
      reason: '',
    },
    validate: {
      amount: (value) => (isAmount(value) ? null : 'Enter an amount, for example 5.00.'),
      reason: isNotEmpty('Enter a reason.'),
    },
  })
  const dispute = useAction(OpenDisputeDocument, (data) => data.openDispute, form)

  async function submit({ amount, reason }: typeof form.values) {
    const payload = await dispute.run({
      input: { ...subject.input, amount: amount.trim(), reason: reason.trim() },
    })
    if (!payload) return
    notify(`Dispute opened: ${formatMoney(amount.trim(), currency)} of ${subject.name}.`)
    close()
  }

  return (
    <FormDialog
      title={`Dispute ${subject.name}`}
      submit="Open dispute"
      onSubmit={form.onSubmit(submit)}
      busy={dispute.busy}
      problems={dispute.problems}
      form={form}
    >
      <Text size="sm">Not due and not collected while the dispute is open.</Text>
      <Autocomplete
        label="Reason"
        required
        data={reasons}
        openOnFocus={false}
        data-autofocus
        {...form.getInputProps('reason')}
      />
      <AmountField
        currency={currency}
        required
        description={left && isPositive(left) && `Up to ${formatMoney(left, currency)}`}
        {...form.getInputProps('amount')}
      />
    </FormDialog>
  )
}
