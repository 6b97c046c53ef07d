/** Loads the note of a dialog, then shows the form. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { NoteSubjectQuery } from '@/gql/graphql'
import { useSubjectId, useUntilClosed } from '@/lib/dialog'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { NoteSubjectDocument } from './operations.generated'

export type NoteSubject = Extract<NoteSubjectQuery['node'], { __typename: 'Note' }>

interface NoteLoaderProps {
  title: string
  children: (note: NoteSubject) => ReactNode
}

export function NoteLoader({ title, children }: NoteLoaderProps) {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: NoteSubjectDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const node = result.data?.node
  const note = useUntilClosed(node?.__typename === 'Note' ? node : undefined)
  if (note) return children(note)
  return (
    <DialogFrame title={title}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no such note any more.`} />}
      </QueryResult>
    </DialogFrame>
  )
}
