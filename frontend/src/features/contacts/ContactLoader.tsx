/** Loads the contact of a dialog, then shows the form. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { ContactSubjectQuery } from '@/gql/graphql'
import { useSubjectId, useUntilClosed } from '@/lib/dialog'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ContactSubjectDocument } from './operations.generated'

export type ContactSubject = Extract<ContactSubjectQuery['node'], { __typename: 'Contact' }>

interface ContactLoaderProps {
  title: string
  children: (contact: ContactSubject) => ReactNode
}

export function ContactLoader({ title, children }: ContactLoaderProps) {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: ContactSubjectDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const node = result.data?.node
  const contact = useUntilClosed(node?.__typename === 'Contact' ? node : undefined)
  if (contact) return children(contact)
  return (
    <DialogFrame title={title}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no such contact any more.`} />}
      </QueryResult>
    </DialogFrame>
  )
}
