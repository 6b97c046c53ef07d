/** Credits or charges an account, a bill, an item or an event, with a reason. */
import { Autocomplete, SegmentedControl, Stack, Text } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useId, useState } from 'react'
import { useDialog } from '@/lib/dialog'
import { formatMoney, isAmount, isPositive, negated } from '@/lib/money'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { AmountField } from '@/ui/AmountField'
import { FormDialog } from '@/ui/FormDialog'
import { AdjustDocument } from './operations.generated'
import { SubjectLoader } from './SubjectLoader'
import type { MoneySubject } from './subject'

const reasons = [
  'Goodwill',
  'Billing mistake',
  'Outage',
  'Agreed with the customer',
  'Charge forgotten',
]

export default function AdjustDialog() {
  return (
    <SubjectLoader title="Adjust">{(subject) => <AdjustForm subject={subject} />}</SubjectLoader>
  )
}

function AdjustForm({ subject }: { subject: MoneySubject }) {
  const { close } = useDialog()
  const { currency, left } = subject
  const [way, setWay] = useState('credit')
  const form = useForm({
    initialValues: { amount: '', reason: '' },
    validate: {
      amount: (value) => (isAmount(value) ? null : 'Enter an amount, for example 5.00.'),
      reason: isNotEmpty('Enter a reason.'),
    },
  })
  const adjust = useAction(AdjustDocument, (data) => data.adjust, form)

  async function submit(values: typeof form.values) {
    const typed = values.amount.trim()
    const amount = way === 'credit' ? negated(typed) : typed
    const payload = await adjust.run({
      input: { ...subject.input, amount, reason: values.reason.trim() },
    })
    if (!payload) return
    notify(`${payload.event?.description ?? 'Adjusted'}.`)
    close()
  }

  return (
    <FormDialog
      title={`Adjust ${subject.name}`}
      submit={way === 'credit' ? 'Credit' : 'Charge'}
      onSubmit={form.onSubmit(submit)}
      busy={adjust.busy}
      problems={adjust.problems}
      form={form}
    >
      <Text size="sm">
        A credit lowers what the customer owes, a charge raises it.
        {'accountId' in subject.input && ' The adjustment appears on the next bill.'}
      </Text>
      <WayChoice way={way} onWay={setWay} />
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
        description={
          way === 'credit' && left && isPositive(left)
            ? `Up to ${formatMoney(left, currency)}`
            : null
        }
        {...form.getInputProps('amount')}
      />
    </FormDialog>
  )
}

function WayChoice({ way, onWay }: { way: string; onWay: (way: string) => void }) {
  const label = useId()
  return (
    <Stack gap={6}>
      <Text id={label} size="sm" fw={500}>
        Adjustment
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        value={way}
        onChange={onWay}
        data={[
          { value: 'credit', label: 'Credit' },
          { value: 'charge', label: 'Charge' },
        ]}
      />
    </Stack>
  )
}
