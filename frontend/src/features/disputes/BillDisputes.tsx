/** The disputes of a bill with their results. */
import { t } from '@lingui/core/macro'
import { useQuery } from 'urql'
import { Panel } from '@/ui/Panel'
import { QueryResult } from '@/ui/States'
import { DisputesTable } from './DisputesTable'
import { BillDisputesDocument } from './operations.generated'
import { openFirst } from './subject'

export function BillDisputes({ number }: { number: string }) {
  const [result, refetch] = useQuery({ query: BillDisputesDocument, variables: { number } })
  if (result.data && !result.data.bill?.disputes.length) return null
  return (
    <Panel title={t`Disputes`}>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={2}
      >
        {({ bill }) => bill && <DisputesTable disputes={openFirst(bill.disputes)} />}
      </QueryResult>
    </Panel>
  )
}
