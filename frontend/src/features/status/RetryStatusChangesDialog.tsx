/** Tries the accounts again that a status change job has not changed, as a new job. */
import { t } from '@lingui/core/macro'
import { useQuery } from 'urql'
import { useSubjectId } from '@/lib/dialog'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ChangeStatusesForm } from './ChangeStatusesForm'
import { StatusChangeToRetryDocument } from './operations.generated'

export default function RetryStatusChangesDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: StatusChangeToRetryDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const node = result.data?.node
  if (node?.__typename === 'JobRun' && node.statusChange && node.rest.totalCount > 0) {
    const { status, reason, note } = node.statusChange
    return (
      <ChangeStatusesForm
        selection={{ retryJobRunId: id, expectedCount: node.rest.totalCount }}
        count={node.rest.totalCount}
        onCount={() => refetch({ requestPolicy: 'network-only' })}
        initial={{ status, reason: reason ?? '', note: note ?? '' }}
      />
    )
  }
  return (
    <DialogFrame title={t`Change status`}>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={4}
      >
        {() => (
          <EmptyMessage
            title={t`Nothing to retry`}
            hint={t`This job run has changed all of its accounts.`}
          />
        )}
      </QueryResult>
    </DialogFrame>
  )
}
