/** The disputes of an account: open ones first, then the latest settled ones. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useQuery } from 'urql'
import { formatCount } from '@/lib/language'
import { Panel } from '@/ui/Panel'
import { QueryResult } from '@/ui/States'
import { DisputesTable } from './DisputesTable'
import { AccountDisputesDocument } from './operations.generated'

const few = 5
const most = 100

export function AccountDisputes({ number }: { number: string }) {
  const [settled, setSettled] = useState(few)
  const [result, refetch] = useQuery({
    query: AccountDisputesDocument,
    variables: { number, settled },
  })
  const account = result.data?.account
  if (account && account.open.totalCount + account.settled.totalCount === 0) return null
  const open = formatCount(account?.open.totalCount ?? 0)
  return (
    <Panel title={t`Disputes`} hint={account && t`${open} open`}>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={2}
      >
        {({ account: of }) =>
          of && (
            <>
              <DisputesTable disputes={[...of.open.nodes, ...of.settled.nodes]} />
              {of.settled.totalCount > of.settled.nodes.length && settled < most && (
                <Group px="md" py="xs">
                  <Button size="xs" variant="default" onClick={() => setSettled(most)}>
                    {plural(Math.min(of.settled.totalCount, most) - of.settled.nodes.length, {
                      one: 'Show # more settled one',
                      other: 'Show # more settled ones',
                    })}
                  </Button>
                </Group>
              )}
            </>
          )
        }
      </QueryResult>
    </Panel>
  )
}
