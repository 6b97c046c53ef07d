import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Select, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRef } from 'react'
import { useQuery } from 'urql'
import type { OpenBillFragment, PayingAccountQuery } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { amountForField, formatBalance, formatMoney, isNothing } from '@/lib/money'
import { notify } from '@/lib/notify'
import { formatWithWeekday } from '@/lib/time'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'
import { useAction } from '@/lib/useAction'
import { AmountField } from '@/ui/AmountField'
import { Dotted } from '@/ui/Dotted'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { openBillLabels, openBills } from './openBills'
import { PayingAccountDocument, RecordPaymentDocument } from './operations.generated'

export default function RecordPaymentDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: PayingAccountDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  if (result.data?.account)
    return (
      <RecordForm
        key={result.data.account.id}
        account={result.data.account}
        bills={openBills(result.data.bills)}
      />
    )
  return (
    <DialogFrame title={t`Record a payment`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no account with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

interface Values {
  billId: string
  amount: string
  reference: string
}

/** The choice of no specific bill. */
const oldestFirst = ''

function overdueText(amount: string): string {
  return t`overdue: ${amount}`
}

interface RecordFormProps {
  account: NonNullable<PayingAccountQuery['account']>
  bills: OpenBillFragment[]
}

function RecordForm({ account, bills }: RecordFormProps) {
  const { close } = useDialog()
  const { timeZone } = useBusiness()
  const { name, balance, overdue, currency } = account
  const owed = formatBalance(balance.amount, balance.currency)
  const suggested = useRef(
    isNothing(overdue.amount) ? '' : amountForField(overdue.amount, currency),
  )
  const form = useForm<Values>({
    initialValues: { billId: oldestFirst, amount: suggested.current, reference: '' },
    validate: {
      amount: (typed) => {
        const problem = t`Enter an amount greater than 0.`
        const amount = typedAmount(typed, currency)
        return amount && isNothing(amount) ? problem : amountProblem(typed, problem, currency)
      },
      reference: (reference) => (reference.trim() ? null : t`Enter the reference of the payment`),
    },
  })
  const record = useAction(RecordPaymentDocument, (data) => data.recordPayment, form)

  function chooseBill(billId: string | null) {
    const bill = bills.find((each) => each.id === billId)
    form.setFieldValue('billId', billId ?? oldestFirst)
    // A typed amount is kept.
    if (!bill || form.getValues().amount !== suggested.current) return
    suggested.current = amountForField(bill.openAmount.amount, currency)
    form.setFieldValue('amount', suggested.current)
  }

  async function submit(values: Values) {
    const payload = await record.run({
      input: {
        accountId: account.id,
        amount: typedAmount(values.amount, currency),
        billId: values.billId || undefined,
        reference: values.reference.trim(),
      },
    })
    if (!payload?.account) return
    const now = payload.account.balance
    if (payload.isRepeated && payload.event) {
      const earlier = formatWithWeekday(payload.event.recordedAt, timeZone)
      notify(t`Already recorded on ${earlier}. Nothing was added.`)
    } else {
      const balance = formatBalance(now.amount, now.currency)
      notify(t`Payment recorded. Balance: ${balance}.`)
    }
    close()
  }

  return (
    <FormDialog
      title={t`Record a payment of ${name}`}
      submit={t`Record payment`}
      onSubmit={form.onSubmit(submit)}
      busy={record.busy}
      problems={record.problems}
      form={form}
    >
      <Text size="sm">
        <Dotted>
          <Trans>
            Balance: <b>{owed}</b>
          </Trans>
          {!isNothing(overdue.amount) && overdueText(formatMoney(overdue.amount, currency))}
        </Dotted>
      </Text>
      <AmountField currency={currency} required data-autofocus {...form.getInputProps('amount')} />
      <TextInput
        label={t`Reference`}
        required
        description={t`Bank reference. Duplicates are ignored.`}
        autoComplete="off"
        {...form.getInputProps('reference')}
      />
      <Select
        label={t`Apply to`}
        description={t`Any remainder goes to the oldest bills, then to credit.`}
        data={[
          {
            value: oldestFirst,
            label: bills.length > 0 ? t`Oldest bills` : t`No open bills: the amount becomes credit`,
          },
          ...bills.map((bill) => ({ value: bill.id, label: openBillLabels(bill) })),
        ]}
        allowDeselect={false}
        {...form.getInputProps('billId')}
        onChange={chooseBill}
      />
    </FormDialog>
  )
}
