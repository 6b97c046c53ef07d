/** Loads the subject of a dispute or an adjustment, then shows the form. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { useSubjectId } from '@/lib/dialog'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { SubjectOfMoneyDocument } from './operations.generated'
import { type MoneySubject, subjectOf } from './subject'

interface SubjectLoaderProps {
  title: string
  children: (subject: MoneySubject) => ReactNode
}

export function SubjectLoader({ title, children }: SubjectLoaderProps) {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: SubjectOfMoneyDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const subject = subjectOf(result.data?.node)
  if (subject) return children(subject)
  return (
    <DialogFrame title={title}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => (
          <EmptyMessage
            title={t`Not found`}
            hint={t`There is no bill, item, charge or account with this id.`}
          />
        )}
      </QueryResult>
    </DialogFrame>
  )
}
