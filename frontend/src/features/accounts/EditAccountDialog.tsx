import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { AccountToEditQuery } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import {
  AccountFields,
  type AccountValues,
  accountInput,
  accountRules,
  accountValues,
} from './AccountFields'
import { AccountToEditDocument, UpdateAccountDocument } from './operations.generated'

export default function EditAccountDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: AccountToEditDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  if (result.data?.account)
    return <EditForm key={result.data.account.id} account={result.data.account} />
  return (
    <DialogFrame title="Edit account">
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title="Not found" hint="There is no account with this id." />}
      </QueryResult>
    </DialogFrame>
  )
}

function EditForm({ account }: { account: NonNullable<AccountToEditQuery['account']> }) {
  const { close } = useDialog()
  // The version that was loaded: a concurrent change causes a conflict error.
  const [version] = useState(account.version)
  const form = useForm<AccountValues>({
    initialValues: accountValues(account),
    validate: accountRules,
  })
  const update = useAction(UpdateAccountDocument, (data) => data.updateAccount, form)

  async function submit(values: AccountValues) {
    const payload = await update.run({
      input: {
        accountId: account.id,
        ...accountInput(values),
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
