/** An amount of money as people write it, never broken over two lines. */
import { Text, type TextProps } from '@mantine/core'
import type { AmountFragment } from '@/gql/graphql'
import { isNothing, shownMoney } from '@/lib/money'

interface AmountProps extends TextProps {
  of: AmountFragment
  /** Shows no zeros: a table of many says less. */
  orNothing?: boolean
}

export function Amount({ of, orNothing = false, ...rest }: AmountProps) {
  if (orNothing && isNothing(of.amount)) return null
  return (
    <Text span inherit {...rest} style={{ whiteSpace: 'nowrap' }}>
      {shownMoney(of.amount, of.currency)}
    </Text>
  )
}
