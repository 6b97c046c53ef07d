import { t } from '@lingui/core/macro'
import { useQuery } from 'urql'
import type { AccountToEditQuery } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { EditDialog } from '@/ui/EditDialog'
import { DialogFrame } from '@/ui/FormDialog'
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
  const edit = useEditForm(account, accountValues, accountRules)
  const update = useAction(UpdateAccountDocument, (data) => data.updateAccount, edit.form)
  const { name, number } = account

  async function submit(values: AccountValues) {
    const payload = await update.run({
      input: {
        accountId: account.id,
        ...accountInput(values),
        expectedVersion: edit.version,
      },
    })
    if (!payload) return
    const saved = values.name.trim()
    notify(t`${saved} saved.`)
    close()
  }

  return (
    <EditDialog
      title={t`Edit ${name} (${number})`}
      edit={edit}
      saving={update}
      onSubmit={submit}
      staleTitle={t`This account was just edited by somebody else`}
    >
      <AccountFields form={edit.form} />
    </EditDialog>
  )
}
