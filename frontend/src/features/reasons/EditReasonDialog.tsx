import { t } from '@lingui/core/macro'
import { Switch } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { ReasonNodeFragment } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
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

function EditForm({ reason }: { reason: ReasonNodeFragment }) {
  const { close } = useDialog()
  const [expectedVersion] = useState(reason.version)
  const form = useForm<EditedReason>({
    initialValues: {
      label: reason.label,
      appliesTo: reason.appliesTo,
      isOffered: !reason.isRetired,
    },
    validate: reasonRules,
  })
  const { code } = reason
  const update = useAction(UpdateReasonDocument, (data) => data.updateReason, form)

  async function submit({ label, appliesTo, isOffered }: EditedReason) {
    const changes = { label: label.trim(), appliesTo, isRetired: !isOffered, expectedVersion }
    if (!(await update.run({ input: { reasonId: reason.id, ...changes } }))) return
    notify(t`Reason saved.`)
    close()
  }

  return (
    <FormDialog
      title={t`Edit reason ${code}`}
      submit={t`Save`}
      onSubmit={form.onSubmit(submit)}
      busy={update.busy}
      problems={update.problems}
      form={form}
      size={460}
    >
      <ReasonFields form={form} />
      <Switch
        label={t`Offered for new changes`}
        description={t`Earlier changes keep the reason.`}
        {...form.getInputProps('isOffered', { type: 'checkbox' })}
      />
    </FormDialog>
  )
}
