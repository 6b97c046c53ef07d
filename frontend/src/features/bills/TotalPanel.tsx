/** The summary of a bill: the lines that add up to its total, and the bills that still owe it. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { BillStatementFragment } from '@/gql/graphql'
import { summaryRules } from '@/lib/rules'
import { Amount } from '@/ui/Amount'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { OnDate } from '@/ui/When'
import { Why } from '@/ui/Why'
import { billLink } from './links'
import { statementLines } from './statement'

export function TotalPanel({ bill, made }: { bill: BillStatementFragment; made: boolean }) {
  return (
    <Panel
      title={t`Summary`}
      hint={!made && t`Preview`}
      actions={<Why about={t`Summary`} rules={summaryRules} />}
    >
      <Table aria-label={t`Summary`} maw={520} withRowBorders={false}>
        <Table.Tbody>
          {statementLines(bill).map(({ word, amount }) => (
            <StatementRow key={word} word={word}>
              <Amount of={amount} />
            </StatementRow>
          ))}
          <StatementRow word={t`Total due`} sum>
            <Amount of={bill.totalDue} />
          </StatementRow>
          {made && (
            <StatementRow word={t`Remaining on this bill`}>
              <Amount of={bill.openAmount} />
            </StatementRow>
          )}
          {bill.carriedOver.map(({ bill: earlier, amount }) => (
            <StatementRow
              key={earlier.id}
              word={
                <Trans>
                  Remaining on bill <BillNumber number={earlier.number} />
                </Trans>
              }
              hint={
                earlier.dueOn && (
                  <Trans>
                    Due on <OnDate date={earlier.dueOn} />
                  </Trans>
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

function BillNumber({ number }: { number: string }) {
  return (
    <TextLink {...billLink(number)} underline="always">
      {number}
    </TextLink>
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
