import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useQuery } from 'urql'
import type { PurchasingAccountQuery } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { instantOf } from '@/lib/time'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { MomentField } from '@/ui/MomentField'
import { EmptyMessage, Loading, QueryResult } from '@/ui/States'
import { OfferPicker } from './OfferPicker'
import {
  PurchaseOfferDocument,
  PurchasingAccountDocument,
  ServiceToBuyForDocument,
} from './operations.generated'
import { type ServiceChoice, TargetPicker } from './TargetPicker'

export default function PurchaseOfferDialog() {
  const { address } = useDialog()
  const [id = '', serviceId] = address.on ?? []
  const [result, refetch] = useQuery({ query: PurchasingAccountDocument, variables: { id } })
  const [service] = useQuery({
    query: ServiceToBuyForDocument,
    variables: { id: serviceId ?? '' },
    pause: !serviceId,
  })
  const node = service.data?.node
  const account = result.data?.account
  if (account && (!serviceId || service.data || service.error)) {
    return <PurchaseForm account={account} service={node?.__typename === 'Service' ? node : null} />
  }
  return (
    <DialogFrame title={t`Purchase offer`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() =>
          account ? (
            <Loading />
          ) : (
            <EmptyMessage title={t`Not found`} hint={t`There is no account with this id.`} />
          )
        }
      </QueryResult>
    </DialogFrame>
  )
}

interface FormProps {
  account: NonNullable<PurchasingAccountQuery['account']>
  service: ServiceChoice | null
}

function PurchaseForm({ account, service }: FormProps) {
  const { close } = useDialog()
  const { name } = account
  const { timeZone } = useBusiness()
  const form = useForm({
    initialValues: {
      target: service as 'account' | ServiceChoice | null,
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
  const { target } = form.values
  const serviceKind = target === 'account' ? null : target?.kind

  async function submit(values: typeof form.values) {
    const payload = await purchase.run({
      input: {
        accountId: account.id,
        serviceId: values.target === 'account' ? undefined : values.target?.id,
        offerCode: values.offerCode ?? '',
        quantity: typedAmount(values.quantity),
        startAt: values.startAt ? instantOf(values.startAt, timeZone) : undefined,
        endsAt: values.endsAt ? instantOf(values.endsAt, timeZone) : undefined,
      },
    })
    if (!payload) return
    const purchased = payload.offer?.name
    notify(purchased ? t`${purchased} purchased.` : t`Offer purchased.`)
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
      <TargetPicker
        accountId={account.id}
        required
        target={target}
        onPick={(picked) => form.setValues({ target: picked, offerCode: null })}
        error={form.errors.target}
      />
      <OfferPicker
        required
        disabled={!target}
        conditions={{ currency: account.currency, serviceKind }}
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
