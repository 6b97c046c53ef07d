/** Collects a payment from a card or a bank account at once, instead of on the bill day. */
import { t } from '@lingui/core/macro'
import { Select, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRef } from 'react'
import { useQuery } from 'urql'
import type { CollectNowQuery, OpenBillFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog } from '@/lib/dialog'
import { paymentMethodLabel } from '@/lib/labels'
import { amountForField, formatMoney, isNothing } from '@/lib/money'
import { notify, notifyOfProblem } from '@/lib/notify'
import { outcomeLabels } from '@/lib/paymentOutcome'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'
import { useAction } from '@/lib/useAction'
import { AmountField } from '@/ui/AmountField'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { chargeRefusal } from './chargeable'
import { openBillLabels, openBills } from './openBills'
import { CollectNowDocument, CollectPaymentDocument } from './operations.generated'

export default function ChargeNowDialog() {
  const [id = '', methodId] = useDialog().address.on ?? []
  const { today } = useBusiness().clock
  const [result, refetch] = useQuery({
    query: CollectNowDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const { account, bills } = result.data ?? {}
  const method = account?.paymentMethods.find((each) => each.id === methodId)
  const refusal = account && method ? chargeRefusal(method, account.status, today) : null
  if (account && bills && method && !refusal)
    return <ChargeForm key={method.id} account={account} method={method} bills={openBills(bills)} />
  return (
    <DialogFrame title={t`Charge now`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => (
          <EmptyMessage
            title={refusal ? t`Can't be charged` : t`Not found`}
            hint={refusal ?? t`The account has no such payment method.`}
          />
        )}
      </QueryResult>
    </DialogFrame>
  )
}

type Paying = NonNullable<CollectNowQuery['account']>

interface ChargeFormProps {
  account: Paying
  method: Paying['paymentMethods'][number]
  bills: OpenBillFragment[]
}

function ChargeForm({ account, method, bills }: ChargeFormProps) {
  const { close } = useDialog()
  const { name, currency } = account
  const label = paymentMethodLabel(method)
  const amountOf = (id: string | null) => {
    const bill = bills.find((each) => each.id === id)
    return bill ? amountForField(bill.openAmount.amount, currency) : ''
  }
  const [oldest] = bills
  const suggested = useRef(amountOf(oldest?.id ?? null))
  const form = useForm({
    initialValues: { billId: oldest?.id ?? null, amount: suggested.current },
    validate: {
      amount: (typed) => {
        const problem = t`Enter an amount greater than 0.`
        const amount = typedAmount(typed, currency)
        return amount && isNothing(amount) ? problem : amountProblem(typed, problem, currency)
      },
    },
  })
  const collect = useAction(CollectPaymentDocument, (data) => data.collectPayment, form)

  function chooseBill(billId: string | null) {
    form.setFieldValue('billId', billId)
    // A typed amount is kept.
    if (form.getValues().amount !== suggested.current) return
    suggested.current = amountOf(billId)
    form.setFieldValue('amount', suggested.current)
  }

  async function submit({ billId, amount }: typeof form.values) {
    const payload = await collect.run({
      input: {
        accountId: account.id,
        billId,
        amount: typedAmount(amount, currency),
        paymentMethodId: method.id,
      },
    })
    if (!payload?.payment) return
    const { payment } = payload
    const sum = formatMoney(payment.amount.amount, payment.amount.currency)
    const outcome = `${sum}: ${outcomeLabels({ ...payment, paymentMethod: method })}`
    if (payment.status === 'FAILED') notifyOfProblem(outcome)
    else notify(outcome)
    close()
  }

  return (
    <FormDialog
      title={t`Charge ${label} of ${name}`}
      submit={t`Charge now`}
      size={460}
      onSubmit={form.onSubmit(submit)}
      busy={collect.busy}
      problems={collect.problems}
      form={form}
      ready={bills.length > 0}
    >
      {bills.length === 0 ? (
        <Text size="sm">{t`No bill is open.`}</Text>
      ) : (
        <>
          <Select
            label={t`Bill`}
            data={bills.map((bill) => ({ value: bill.id, label: openBillLabels(bill) }))}
            allowDeselect={false}
            {...form.getInputProps('billId')}
            onChange={chooseBill}
          />
          <AmountField
            currency={currency}
            required
            data-autofocus
            {...form.getInputProps('amount')}
          />
        </>
      )}
    </FormDialog>
  )
}
