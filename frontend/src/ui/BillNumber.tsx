import { Text } from '@mantine/core'

/** A bill by its number. */
export function BillNumber({ number }: { number: string }) {
  return (
    <Text span size="sm" ff="monospace" style={{ whiteSpace: 'nowrap' }}>
      {number}
    </Text>
  )
}
