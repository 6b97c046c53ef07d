/** How the total of a bill comes about, as a sum to be read from top to bottom; and what of its own is still open. */
import { Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { BillStatementFragment } from '@/gql/graphql'
import { Amount } from '@/ui/Amount'
import { Panel } from '@/ui/Panel'
import { statementLines } from './statement'

export function TotalPanel({ bill, made }: { bill: BillStatementFragment; made: boolean }) {
  return (
    <Panel title="How the total comes about" hint={!made && 'As if it were made now'}>
      <Table aria-label="How the total comes about" maw={520} withRowBorders={false}>
        <Table.Tbody>
          {statementLines(bill).map(({ word, amount }) => (
            <Line key={word} word={word}>
              <Amount of={amount} />
            </Line>
          ))}
          <Line word="Total due" sum>
            <Amount of={bill.totalDue} />
          </Line>
          {made && (
            <Line word="Still open of its own charges" hint="Earlier bills have their own.">
              <Amount of={bill.openAmount} />
            </Line>
          )}
        </Table.Tbody>
      </Table>
    </Panel>
  )
}

interface LineProps {
  word: string
  hint?: string
  sum?: boolean
  children: ReactNode
}

function Line({ word, hint, sum = false, children }: LineProps) {
  const style = sum ? { borderTop: '1px solid var(--mantine-color-text)' } : undefined
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={sum ? 650 : 400} px="md" style={style}>
        {word}
        {hint && (
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        )}
      </Table.Th>
      <Table.Td ta="right" fw={sum ? 650 : 400} px="md" style={style}>
        {children}
      </Table.Td>
    </Table.Tr>
  )
}
