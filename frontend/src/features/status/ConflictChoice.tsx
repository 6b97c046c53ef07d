/** The deferred actions that a change leaves with nothing to do, and whether it cancels them. */
import { plural } from '@lingui/core/macro'
import { Box, Checkbox, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export interface Cancelling {
  cancels: boolean
  onCancels: (cancels: boolean) => void
}

interface ConflictChoiceProps extends Cancelling {
  count: number
  /** The actions, if they are known. */
  children?: ReactNode
}

export function ConflictChoice({ count, cancels, onCancels, children }: ConflictChoiceProps) {
  if (count === 0) return null
  return (
    <Box>
      <Text size="sm" fw={600} mb={4}>
        {plural(count, {
          one: '# deferred action will no longer apply',
          other: '# deferred actions will no longer apply',
        })}
      </Text>
      {children}
      <Checkbox
        label={plural(count, { one: 'Cancel it too', other: 'Cancel them too' })}
        checked={cancels}
        onChange={(event) => onCancels(event.currentTarget.checked)}
      />
    </Box>
  )
}
