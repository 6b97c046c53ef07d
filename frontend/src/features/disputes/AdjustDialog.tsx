/** Credits or charges an account, a bill, an item or an event, with a reason. */
import { t } from '@lingui/core/macro'
import { Autocomplete, SegmentedControl, Stack, Text } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useId, useState } from 'react'
import { useDialog } from '@/lib/dialog'
import { optionsOf } from '@/lib/labels'
import { formatMoney, isPositive, negated } from '@/lib/money'
import { notify } from '@/lib/notify'
import { serverText } from '@/lib/serverMessage'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'
import { useAction } from '@/lib/useAction'
import { AmountField } from '@/ui/AmountField'
import { FormDialog } from '@/ui/FormDialog'
import { AdjustDocument } from './operations.generated'
import { SubjectLoader } from './SubjectLoader'
import type { MoneySubject } from './subject'

const reasons = [
  t`Goodwill`,
  t`Billing mistake`,
  t`Outage`,
  t`Agreed with the customer`,
  t`Charge forgotten`,
]

type Way = 'credit' | 'charge'

const wayLabels: Record<Way, string> = {
  credit: t({ message: 'Credit', context: 'verb' }),
  charge: t({ message: 'Charge', context: 'verb' }),
}

export default function AdjustDialog() {
  return (
    <SubjectLoader title={t`Adjust`}>{(subject) => <AdjustForm subject={subject} />}</SubjectLoader>
  )
}

function AdjustForm({ subject }: { subject: MoneySubject }) {
  const { close } = useDialog()
  const { name, currency, left } = subject
  const limit = left && isPositive(left) ? formatMoney(left, currency) : null
  const [way, setWay] = useState<Way>('credit')
  const form = useForm({
    initialValues: { amount: '', reason: '' },
    validate: {
      amount: (value) => amountProblem(value, t`Enter an amount, for example 5.00.`, currency),
      reason: isNotEmpty(t`Enter a reason.`),
    },
  })
  const adjust = useAction(AdjustDocument, (data) => data.adjust, form)

  async function submit(values: typeof form.values) {
    const typed = typedAmount(values.amount, currency)
    const amount = way === 'credit' ? negated(typed) : typed
    const payload = await adjust.run({
      input: { ...subject.input, amount, reason: values.reason.trim() },
    })
    if (!payload) return
    const description = payload.event && serverText(payload.event.description)
    notify(description ? `${description}.` : t`Adjusted.`)
    close()
  }

  return (
    <FormDialog
      title={t`Adjust ${name}`}
      submit={wayLabels[way]}
      onSubmit={form.onSubmit(submit)}
      busy={adjust.busy}
      problems={adjust.problems}
      form={form}
    >
      <Text size="sm">
        {t`A credit lowers what the customer owes, a charge raises it.`}{' '}
        {'accountId' in subject.input && t`The adjustment appears on the next bill.`}
      </Text>
      <WayChoice way={way} onWay={setWay} />
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
        description={way === 'credit' && limit && t`Up to ${limit}`}
        {...form.getInputProps('amount')}
      />
    </FormDialog>
  )
}

function WayChoice({ way, onWay }: { way: Way; onWay: (way: Way) => void }) {
  const label = useId()
  return (
    <Stack gap={6}>
      <Text id={label} size="sm" fw={600}>
        {t`Adjustment`}
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        value={way}
        onChange={(next) => onWay(next as Way)}
        data={optionsOf(wayLabels)}
      />
    </Stack>
  )
}
