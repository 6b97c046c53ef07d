import { t } from '@lingui/core/macro'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { AccountToEditQuery } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { StaleEdit } from '@/ui/StaleEdit'
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
    <DialogFrame title={t`Edit account`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no account with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

type EditedAccount = NonNullable<AccountToEditQuery['account']>

function EditForm({ account }: { account: EditedAccount }) {
  const { close } = useDialog()
  // The account as the form shows it: `account` is newer if somebody else has changed it.
  const [base, setBase] = useState(account)
  const form = useForm<AccountValues>({
    initialValues: accountValues(base),
    validate: accountRules,
  })
  const update = useAction(UpdateAccountDocument, (data) => data.updateAccount, form)
  const isStale = account.version !== base.version
  const { name, number } = account

  async function submit(values: AccountValues) {
    const payload = await update.run({
      input: {
        accountId: account.id,
        ...accountInput(values),
        expectedVersion: base.version,
      },
    })
    if (!payload) return
    const saved = values.name.trim()
    notify(t`${saved} saved.`)
    close()
  }

  /** Shows the values of the others in the fields that were not edited here. */
  function takeOver() {
    const current = accountValues(account)
    const typed = form.getValues()
    const edited = Object.keys(typed).filter((field) => form.isDirty(field))
    form.setInitialValues(current)
    form.setValues({
      ...current,
      ...Object.fromEntries(edited.map((field) => [field, typed[field as keyof AccountValues]])),
    })
    setBase(account)
    update.clear()
  }

  return (
    <FormDialog
      title={t`Edit ${name} (${number})`}
      submit={t`Save`}
      onSubmit={form.onSubmit(submit)}
      busy={update.busy}
      problems={isStale ? [] : update.problems}
      form={form}
      ready={!isStale}
    >
      {isStale && (
        <StaleEdit title={t`This account was just edited by somebody else`} onTakeOver={takeOver} />
      )}
      <AccountFields form={form} />
    </FormDialog>
  )
}
