/** On whose bills the money of a change is, where that is not only the changed account. */
import { plural, t } from '@lingui/core/macro'
import { Box, List, Text } from '@mantine/core'
import type { PayerAmountsFragment } from '@/gql/graphql'
import { formatMoney, isNothing } from '@/lib/money'

const mostShown = 6

interface PayerAmountsProps {
  /** The id of the changed account. */
  account: string
  payers: PayerAmountsFragment[]
}

export function PayerAmounts({ account, payers }: PayerAmountsProps) {
  if (isOnlyOf(account, payers)) return null
  const more = payers.length - mostShown
  return (
    <Box data-payers>
      <Text size="sm" fw={600}>{t`On the next bills`}</Text>
      <List size="sm">
        {payers.slice(0, mostShown).map((amounts) => (
          <List.Item key={`${amounts.payer.id} ${amounts.charged.currency}`}>
            {sentence(amounts)}
          </List.Item>
        ))}
        {more > 0 && (
          <List.Item>
            {plural(more, { one: 'and # more payer', other: 'and # more payers' })}
          </List.Item>
        )}
      </List>
    </Box>
  )
}

/** True if no other account is charged or credited. */
export function isOnlyOf(account: string, payers: PayerAmountsFragment[]): boolean {
  return payers.every(({ payer }) => payer.id === account)
}

function sentence({ payer, charged, givenBack }: PayerAmountsFragment): string {
  const { name } = payer
  const charge = formatMoney(charged.amount, charged.currency)
  const credit = formatMoney(givenBack.amount, givenBack.currency)
  if (isNothing(givenBack.amount)) return t`${name}: ${charge} charged`
  if (isNothing(charged.amount)) return t`${name}: ${credit} credited`
  return t`${name}: ${charge} charged, ${credit} credited`
}
