/** Fields of a form beside each other; below each other on a phone. */
import { SimpleGrid } from '@mantine/core'
import { Children, type ReactNode } from 'react'

export function FieldRow({ children }: { children: ReactNode }) {
  return (
    <SimpleGrid
      cols={{ base: 1, xs: Children.count(children) }}
      spacing="md"
      style={{ alignItems: 'start' }}
    >
      {children}
    </SimpleGrid>
  )
}
