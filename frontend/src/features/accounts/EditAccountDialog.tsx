import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { AccountToEditQuery } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { given } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { Answer, Nothing } from '@/ui/States'
import { AccountFields, type AccountValues, accountRules } from './AccountFields'
import { AccountToEditDocument, UpdateAccountDocument } from './operations.generated'

export default function EditAccountDialog() {
  const id = useSubjectId()
  const [result, ask] = useQuery({
    query: AccountToEditDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  if (result.data?.account)
    return <EditForm key={result.data.account.id} account={result.data.account} />
  return (
    <DialogFrame title="Edit account">
      <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })}>
        {() => <Nothing title="Not found" hint="There is no account with this id." />}
      </Answer>
    </DialogFrame>
  )
}

function EditForm({ account }: { account: NonNullable<AccountToEditQuery['account']> }) {
  const { close } = useDialog()
  // The version that was read: whoever came in between is not overwritten unseen.
  const [version] = useState(account.version)
  const form = useForm<AccountValues>({
    initialValues: {
      name: account.name,
      email: account.email ?? '',
      phone: account.phone ?? '',
      rank: account.rank ?? null,
      creditLimit: account.creditLimit?.amount ?? '',
    },
    validate: accountRules,
  })
  const update = useAction(UpdateAccountDocument, (data) => data.updateAccount, form)

  async function submit(values: AccountValues) {
    const payload = await update.run({
      input: {
        accountId: account.id,
        name: values.name.trim(),
        email: given(values.email) ?? null,
        phone: given(values.phone) ?? null,
        rank: values.rank,
        creditLimit: given(values.creditLimit) ?? null,
        expectedVersion: version,
      },
    })
    if (!payload) return
    notify(`${values.name.trim()} saved.`)
    close()
  }

  return (
    <FormDialog
      title={`Edit ${account.name} (${account.number})`}
      submit="Save"
      onSubmit={form.onSubmit(submit)}
      busy={update.busy}
      problems={update.problems}
      errors={form.errors}
    >
      <AccountFields form={form} />
    </FormDialog>
  )
}
