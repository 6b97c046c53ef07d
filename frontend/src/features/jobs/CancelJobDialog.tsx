import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { FormEvent } from 'react'
import { useQuery } from 'urql'
import type { JobKind, RunNodeFragment } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { jobKindLabels } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { formatDate } from '@/lib/time'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { CancelJobDocument, JobRunSubjectDocument } from './operations.generated'

export default function CancelJobDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: JobRunSubjectDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const node = result.data?.node
  if (node?.__typename === 'JobRun')
    return <CancelForm run={node} isCheck={node.importRun?.mode === 'CHECK'} />
  return (
    <DialogFrame title={t`Cancel a job run`}>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={2}
      >
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no job run with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

const consequences: Record<JobKind, string> = {
  BILL_DAY: t`Bills and payments that were made stay. The next bill day makes the others.`,
  DEFERRED_ACTIONS: t`Completed actions stay completed. Pending ones wait for the next run.`,
  STATUS_CHANGE: t`Accounts that were changed stay changed. The others can be retried.`,
  IMPORT: t`Imported accounts stay. The other lines can be imported later.`,
}

function CancelForm({ run, isCheck }: { run: RunNodeFragment; isCheck: boolean }) {
  const [kind, date] = [jobKindLabels[run.kind], formatDate(run.businessDate)]
  const { close } = useDialog()
  const cancel = useAction(CancelJobDocument, (data) => data.cancelJob)

  async function submit(event?: FormEvent) {
    event?.preventDefault()
    if (!(await cancel.run({ id: run.id }))) return
    notify(t`Run cancelled.`)
    close()
  }

  return (
    <FormDialog
      title={t`Cancel run: ${kind}, ${date}`}
      submit={t`Cancel run`}
      back={t`Keep running`}
      color="red.9"
      size={460}
      onSubmit={(event) => void submit(event)}
      busy={cancel.busy}
      problems={cancel.problems}
    >
      <Text size="sm">
        {isCheck ? t`A check changes nothing. It can be started again.` : consequences[run.kind]}
      </Text>
    </FormDialog>
  )
}
