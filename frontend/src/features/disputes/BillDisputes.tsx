/** What of a bill was disputed, and how that ended. */
import { useQuery } from 'urql'
import { Panel } from '@/ui/Panel'
import { Answer } from '@/ui/States'
import { DisputesTable } from './DisputesTable'
import { BillDisputesDocument } from './operations.generated'
import { openFirst } from './subject'

export function BillDisputes({ number }: { number: string }) {
  const [result, ask] = useQuery({ query: BillDisputesDocument, variables: { number } })
  if (result.data && !result.data.bill?.disputes.length) return null
  return (
    <Panel title="Disputes">
      <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })} lines={2}>
        {({ bill }) => bill && <DisputesTable disputes={openFirst(bill.disputes)} />}
      </Answer>
    </Panel>
  )
}
