/** Loads the webhook of a dialog. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { WebhookNodeFragment } from '@/gql/graphql'
import { useSubjectId } from '@/lib/dialog'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { WebhookSubjectDocument } from './operations.generated'

interface WebhookSubjectProps {
  title: string
  children: (webhook: WebhookNodeFragment) => ReactNode
}

export function WebhookSubject({ title, children }: WebhookSubjectProps) {
  const [result, refetch] = useQuery({
    query: WebhookSubjectDocument,
    variables: { id: useSubjectId() },
    requestPolicy: 'cache-and-network',
  })
  const node = result.data?.node
  if (node?.__typename === 'Webhook') return children(node)
  return (
    <DialogFrame title={title}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no webhook with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}
