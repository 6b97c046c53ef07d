import { t } from '@lingui/core/macro'
import { Select, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useQuery } from 'urql'
import type { PurchaseChoicesQuery } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { instantOf } from '@/lib/time'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { MomentField } from '@/ui/MomentField'
import { PickField } from '@/ui/PickField'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { PurchaseChoicesDocument, PurchaseOfferDocument } from './operations.generated'
import { priceOf } from './price'

export default function PurchaseOfferDialog() {
  const { address } = useDialog()
  const [accountId = '', serviceId] = address.on ?? []
  const [result, refetch] = useQuery({ query: PurchaseChoicesDocument, variables: { accountId } })
  if (result.data?.account) {
    return (
      <PurchaseForm
        choices={result.data}
        account={result.data.account}
        serviceId={serviceId ?? null}
      />
    )
  }
  return (
    <DialogFrame title={t`Purchase offer`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no account with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

interface FormProps {
  choices: PurchaseChoicesQuery
  account: NonNullable<PurchaseChoicesQuery['account']>
  serviceId: string | null
}

function PurchaseForm({ choices, account, serviceId }: FormProps) {
  const { close } = useDialog()
  const { name } = account
  const { timeZone } = useBusiness()
  const form = useForm({
    initialValues: {
      target: serviceId,
      offerCode: null as string | null,
      quantity: '1',
      startAt: null as string | null,
      endsAt: null as string | null,
    },
    validate: {
      target: isNotEmpty(t`Choose what it is for`),
      offerCode: isNotEmpty(t`Choose an offer`),
      quantity: (value) => amountProblem(value, t`Enter a number, for example 1.`),
    },
  })
  const purchase = useAction(PurchaseOfferDocument, (data) => data.purchaseOffer, form)
  const services = account.services.nodes
  const service = services.find((each) => each.id === form.values.target)
  const offers = choices.offers.nodes.filter(
    (offer) =>
      form.values.target !== null &&
      (offer.serviceKind ?? null) === (service?.kind ?? null) &&
      offer.currency === account.currency,
  )

  async function submit(values: typeof form.values) {
    const payload = await purchase.run({
      input: {
        accountId: account.id,
        serviceId: service?.id,
        offerCode: values.offerCode ?? '',
        quantity: typedAmount(values.quantity),
        startAt: values.startAt ? instantOf(values.startAt, timeZone) : undefined,
        endsAt: values.endsAt ? instantOf(values.endsAt, timeZone) : undefined,
      },
    })
    if (!payload) return
    const purchased = payload.offer?.name
    notify(purchased ? t`${purchased} purchased.` : t`The offer purchased.`)
    close()
  }

  return (
    <FormDialog
      title={t`Purchase offer for ${name}`}
      submit={t`Purchase`}
      onSubmit={form.onSubmit(submit)}
      busy={purchase.busy}
      problems={purchase.problems}
      form={form}
    >
      <Select
        label={t`For`}
        data={[
          { value: account.id, label: t`Account` },
          ...services.map((each) => ({
            value: each.id,
            label: `${each.name}${each.login ? ` (${each.login})` : ''}`,
          })),
        ]}
        required
        placeholder={t`Choose what it is for`}
        allowDeselect={false}
        value={form.values.target}
        onChange={(target) => form.setValues({ target, offerCode: null })}
        error={form.errors.target}
      />
      <PickField
        label={t`Offer`}
        required
        placeholder={
          offers.length > 0 || !form.values.target ? t`Choose an offer` : t`No offers available`
        }
        disabled={!form.values.target}
        options={offers.map((offer) => ({
          value: offer.code,
          label: `${offer.name} (${priceOf(offer)})`,
        }))}
        {...form.getInputProps('offerCode')}
      />
      <TextInput label={t`Quantity`} inputMode="decimal" {...form.getInputProps('quantity')} />
      <MomentField
        label={t`Starts`}
        description={t`Leave blank to start now.`}
        allowPast
        {...form.getInputProps('startAt')}
      />
      <MomentField
        label={t`Ends`}
        description={t`Leave blank for no end. The offer is closed by a deferred action.`}
        {...form.getInputProps('endsAt')}
      />
    </FormDialog>
  )
}
