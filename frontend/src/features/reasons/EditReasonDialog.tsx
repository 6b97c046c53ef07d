import { t } from '@lingui/core/macro'
import { Switch } from '@mantine/core'
import { useQuery } from 'urql'
import type { ReasonNodeFragment } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { EditDialog } from '@/ui/EditDialog'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ReasonSubjectDocument, UpdateReasonDocument } from './operations.generated'
import { ReasonFields, type ReasonValues, reasonRules } from './ReasonFields'

interface EditedReason extends ReasonValues {
  isOffered: boolean
}

export default function EditReasonDialog() {
  const [result, refetch] = useQuery({
    query: ReasonSubjectDocument,
    variables: { id: useSubjectId() },
    requestPolicy: 'cache-and-network',
  })
  const node = result.data?.node
  if (node?.__typename === 'StatusReason') return <EditForm key={node.id} reason={node} />
  return (
    <DialogFrame title={t`Edit reason`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no reason with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

function reasonValues({ label, appliesTo, isRetired }: ReasonNodeFragment): EditedReason {
  return { label, appliesTo, isOffered: !isRetired }
}

function EditForm({ reason }: { reason: ReasonNodeFragment }) {
  const { close } = useDialog()
  const edit = useEditForm(reason, reasonValues, reasonRules)
  const { code } = reason
  const update = useAction(UpdateReasonDocument, (data) => data.updateReason, edit.form)

  async function submit({ label, appliesTo, isOffered }: EditedReason) {
    const changes = { label: label.trim(), appliesTo, isRetired: !isOffered }
    const input = { reasonId: reason.id, ...changes, expectedVersion: edit.version }
    if (!(await update.run({ input }))) return
    notify(t`Reason saved.`)
    close()
  }

  return (
    <EditDialog
      title={t`Edit reason ${code}`}
      edit={edit}
      saving={update}
      onSubmit={submit}
      staleTitle={t`This reason was just edited by somebody else`}
      size={460}
    >
      <ReasonFields form={edit.form} />
      <Switch
        label={t`Offered for new changes`}
        description={t`Earlier changes keep the reason.`}
        {...edit.form.getInputProps('isOffered', { type: 'checkbox' })}
      />
    </EditDialog>
  )
}
