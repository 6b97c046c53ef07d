/** Loads the user of a dialog. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { UserNodeFragment } from '@/gql/graphql'
import { useSubjectId } from '@/lib/dialog'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { UserSubjectDocument } from './operations.generated'

interface UserSubjectProps {
  title: string
  children: (user: UserNodeFragment) => ReactNode
}

export function UserSubject({ title, children }: UserSubjectProps) {
  const [result, refetch] = useQuery({
    query: UserSubjectDocument,
    variables: { id: useSubjectId() },
    requestPolicy: 'cache-and-network',
  })
  const node = result.data?.node
  if (node?.__typename === 'User') return children(node)
  return (
    <DialogFrame title={title}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no user with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}
