/** Reads what a dialog about money is about, and shows the form once that is known. */
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { useSubjectId } from '@/lib/dialog'
import { DialogFrame } from '@/ui/FormDialog'
import { Answer, Nothing } from '@/ui/States'
import { SubjectOfMoneyDocument } from './operations.generated'
import { type MoneySubject, subjectOf } from './subject'

interface OfSubjectProps {
  title: string
  children: (subject: MoneySubject) => ReactNode
}

export function OfSubject({ title, children }: OfSubjectProps) {
  const id = useSubjectId()
  const [result, ask] = useQuery({
    query: SubjectOfMoneyDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const subject = subjectOf(result.data?.node)
  if (subject) return children(subject)
  return (
    <DialogFrame title={title}>
      <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })}>
        {() => (
          <Nothing
            title="Not found"
            hint="There is no bill, item, charge or account with this id."
          />
        )}
      </Answer>
    </DialogFrame>
  )
}
