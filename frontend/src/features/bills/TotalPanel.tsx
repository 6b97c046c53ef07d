/** The summary of a bill: the lines that add up to its total, and the bills that still owe it. */
import { Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { BillStatementFragment } from '@/gql/graphql'
import { Amount } from '@/ui/Amount'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { OnDate } from '@/ui/When'
import { billLink } from './links'
import { statementLines } from './statement'

export function TotalPanel({ bill, made }: { bill: BillStatementFragment; made: boolean }) {
  return (
    <Panel title="Summary" hint={!made && 'Preview'}>
      <Table aria-label="Summary" maw={520} withRowBorders={false}>
        <Table.Tbody>
          {statementLines(bill).map(({ word, amount }) => (
            <StatementRow key={word} word={word}>
              <Amount of={amount} />
            </StatementRow>
          ))}
          <StatementRow word="Total due" sum>
            <Amount of={bill.totalDue} />
          </StatementRow>
          {made && (
            <StatementRow word="Remaining on this bill">
              <Amount of={bill.openAmount} />
            </StatementRow>
          )}
          {bill.carriedOver.map(({ bill: earlier, amount }) => (
            <StatementRow
              key={earlier.id}
              word={
                <>
                  Remaining on bill{' '}
                  <TextLink {...billLink(earlier.number)} underline="always">
                    {earlier.number}
                  </TextLink>
                </>
              }
              hint={
                earlier.dueOn && (
                  <>
                    Due on <OnDate date={earlier.dueOn} />
                  </>
                )
              }
            >
              <Amount of={amount} />
            </StatementRow>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  )
}

interface LineProps {
  word: ReactNode
  hint?: ReactNode
  sum?: boolean
  children: ReactNode
}

function StatementRow({ word, hint, sum = false, children }: LineProps) {
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
