import { t } from '@lingui/core/macro'
import { Autocomplete, MultiSelect, Select, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useMemo } from 'react'
import { useQuery } from 'urql'
import type { PurchaseChoicesQuery } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { usualServiceKinds } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { AddServiceDocument, PurchaseChoicesDocument } from './operations.generated'
import { priceOf } from './price'

export default function AddServiceDialog() {
  const accountId = useSubjectId()
  const [result, refetch] = useQuery({ query: PurchaseChoicesDocument, variables: { accountId } })
  if (result.data?.account)
    return <AddServiceForm choices={result.data} account={result.data.account} />
  return (
    <DialogFrame title={t`Add service`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no account with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

interface FormProps {
  choices: PurchaseChoicesQuery
  account: NonNullable<PurchaseChoicesQuery['account']>
}

function AddServiceForm({ choices, account }: FormProps) {
  const { close } = useDialog()
  const { name } = account
  const form = useForm({
    initialValues: {
      kind: '',
      name: '',
      login: '',
      billUnitId: account.billUnits[0]?.id ?? null,
      offerCodes: [] as string[],
    },
    validate: { kind: isNotEmpty(t`Choose a kind of service`) },
  })
  const add = useAction(AddServiceDocument, (data) => data.addService, form)
  const kinds = useMemo(() => kindsOf(choices), [choices])
  const kind = form.values.kind.trim().toLowerCase()
  const offers = choices.offers.nodes.filter(
    (offer) => offer.serviceKind?.toLowerCase() === kind && offer.currency === account.currency,
  )

  async function submit(values: typeof form.values) {
    const payload = await add.run({
      input: {
        accountId: account.id,
        kind: values.kind.trim(),
        name: optionalText(values.name),
        login: optionalText(values.login),
        billUnitId: values.billUnitId ?? undefined,
        offerCodes: values.offerCodes.filter((code) => offers.some((offer) => offer.code === code)),
      },
    })
    if (!payload) return
    const added = payload.service?.name
    notify(added ? t`${added} added.` : t`The service added.`)
    close()
  }

  return (
    <FormDialog
      title={t`Add service to ${name}`}
      submit={t`Add service`}
      onSubmit={form.onSubmit(submit)}
      busy={add.busy}
      problems={add.problems}
      form={form}
    >
      <Autocomplete
        label={t`Kind`}
        openOnFocus={false}
        required
        data={kinds}
        data-autofocus
        {...form.getInputProps('kind')}
      />
      <TextInput
        label={t`Login`}
        description={t`What the customer signs in with, for example the telephone number.`}
        {...form.getInputProps('login')}
      />
      <TextInput label={t`Name`} placeholder={t`After its kind`} {...form.getInputProps('name')} />
      <MultiSelect
        label={t`Offers to purchase with it`}
        placeholder={offers.length > 0 ? t`Choose offers` : t`No offers for this kind of service`}
        data={offers.map((offer) => ({
          value: offer.code,
          label: `${offer.name} (${priceOf(offer)})`,
        }))}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t`Clear the offers` }}
        {...form.getInputProps('offerCodes')}
      />
      {account.billUnits.length > 1 && (
        <Select
          label={t`Bill unit`}
          allowDeselect={false}
          data={account.billUnits.map((unit) => ({ value: unit.id, label: unit.name }))}
          {...form.getInputProps('billUnitId')}
        />
      )}
    </FormDialog>
  )
}

function kindsOf(choices: PurchaseChoicesQuery): string[] {
  const known = choices.offers.nodes.flatMap((offer) => offer.serviceKind ?? [])
  return [...new Set([...usualServiceKinds, ...known])]
}
