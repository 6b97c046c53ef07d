/** A formatted amount of money that never wraps. */
import { Text, type TextProps } from '@mantine/core'
import type { AmountFragment } from '@/gql/graphql'
import { formatMoney, isNothing } from '@/lib/money'

interface AmountProps extends TextProps {
  of: AmountFragment
  /** Renders nothing for zero. */
  orNothing?: boolean
}

export function Amount({ of, orNothing = false, ...rest }: AmountProps) {
  if (orNothing && isNothing(of.amount)) return null
  return (
    <Text span inherit {...rest} style={{ whiteSpace: 'nowrap' }}>
      {formatMoney(of.amount, of.currency)}
    </Text>
  )
}
