/** Changes the status of an account, a service or an offer: now or on a date, with a preview. */
import { t } from '@lingui/core/macro'
import { useQuery } from 'urql'
import type { Status } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { statusLabels } from '@/lib/labels'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ChangeStatusForm } from './ChangeStatusForm'
import { StatusSubjectDocument } from './operations.generated'
import { choices, isStatusNode } from './subject'

export default function ChangeStatusDialog() {
  const id = useSubjectId()
  const { address } = useDialog()
  const wanted =
    address.choice && address.choice in statusLabels ? (address.choice as Status) : undefined
  const [result, refetch] = useQuery({
    query: StatusSubjectDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const node = result.data?.node
  if (isStatusNode(node) && choices(node).length > 0) {
    // A new form for each subject, so that no typed value is sent for another subject.
    return <ChangeStatusForm key={node.id} node={node} wanted={wanted} />
  }
  return (
    <DialogFrame title={t`Change status`}>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={4}
      >
        {() =>
          isStatusNode(node) ? (
            <EmptyMessage
              title={t`Closed offers can't be restored`}
              hint={t`The customer has to purchase the offer again.`}
            />
          ) : (
            <EmptyMessage
              title={t`Not found`}
              hint={t`There is no account, service or offer with this id.`}
            />
          )
        }
      </QueryResult>
    </DialogFrame>
  )
}
