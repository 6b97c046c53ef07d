import { t } from '@lingui/core/macro'
import { Autocomplete, Select, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useMemo } from 'react'
import { useQuery } from 'urql'
import type { PurchasingAccountQuery, ServiceKindsQuery } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { usualServiceKinds } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { OffersPicker } from './OffersPicker'
import {
  AddServiceDocument,
  PurchasingAccountDocument,
  ServiceKindsDocument,
} from './operations.generated'

export default function AddServiceDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({ query: PurchasingAccountDocument, variables: { id } })
  if (result.data?.account) return <AddServiceForm account={result.data.account} />
  return (
    <DialogFrame title={t`Add service`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no account with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

interface FormProps {
  account: NonNullable<PurchasingAccountQuery['account']>
}

function AddServiceForm({ account }: FormProps) {
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
  const [{ data }] = useQuery({ query: ServiceKindsDocument })
  const kinds = useMemo(() => kindsOf(data), [data])
  const kind = form.values.kind.trim().toLowerCase()

  async function submit(values: typeof form.values) {
    const payload = await add.run({
      input: {
        accountId: account.id,
        kind: values.kind.trim(),
        name: optionalText(values.name),
        login: optionalText(values.login),
        billUnitId: values.billUnitId ?? undefined,
        offerCodes: values.offerCodes,
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
        onChange={(next) => form.setValues({ kind: next, offerCodes: [] })}
      />
      <TextInput
        label={t`Login`}
        description={t`What the customer signs in with, for example the telephone number.`}
        {...form.getInputProps('login')}
      />
      <TextInput label={t`Name`} placeholder={t`After its kind`} {...form.getInputProps('name')} />
      <OffersPicker
        key={kind}
        conditions={{ currency: account.currency, serviceKind: kind || undefined }}
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

function kindsOf(data: ServiceKindsQuery | undefined): string[] {
  const known = data?.offers.nodes.flatMap((offer) => offer.serviceKind ?? []) ?? []
  return [...new Set([...usualServiceKinds, ...known])]
}
