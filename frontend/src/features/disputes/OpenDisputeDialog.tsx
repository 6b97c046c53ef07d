/** Says what is wrong with a bill, an item or a charge: all of it, or a part. */
import { Autocomplete, Text } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useDialog } from '@/lib/dialog'
import { isAmount, isPositive, shownMoney, typedMoney } from '@/lib/money'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { AmountField } from '@/ui/AmountField'
import { FormDialog } from '@/ui/FormDialog'
import { OfSubject } from './OfSubject'
import { OpenDisputeDocument } from './operations.generated'
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
  return <OfSubject title="Dispute">{(subject) => <OpenDisputeForm subject={subject} />}</OfSubject>
}

function OpenDisputeForm({ subject }: { subject: MoneySubject }) {
  const { close } = useDialog()
  const { currency, left } = subject
  const form = useForm({
    initialValues: {
      amount: left && isPositive(left) ? typedMoney(left, currency) : '',
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
    notify(`Dispute opened: ${shownMoney(amount.trim(), currency)} of ${subject.name}.`)
    close()
  }

  return (
    <FormDialog
      title={`Dispute ${subject.name}`}
      submit="Open dispute"
      onSubmit={form.onSubmit(submit)}
      busy={dispute.busy}
      problems={dispute.problems}
      errors={form.errors}
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
        description={left && isPositive(left) && `Up to ${shownMoney(left, currency)}`}
        {...form.getInputProps('amount')}
      />
    </FormDialog>
  )
}
