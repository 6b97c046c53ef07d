/** How long a run took, and a bar that compares it with the other runs of the list. */
import { Progress, Text } from '@mantine/core'
import type { RunNodeFragment } from '@/gql/graphql'
import { durationOf, shareOf } from './duration'

interface DurationBarProps {
  run: RunNodeFragment
  runs: RunNodeFragment[]
}

export function DurationBar({ run, runs }: DurationBarProps) {
  const duration = durationOf(run)
  if (!duration) return null
  const share = shareOf(run, runs)
  return (
    <>
      <Text size="sm" style={{ whiteSpace: 'nowrap' }} data-duration>
        {duration}
      </Text>
      {share > 0 && (
        <Progress
          value={share}
          size={4}
          w={{ base: 96, xl: 160 }}
          color="var(--tenure-busy)"
          aria-hidden
        />
      )}
    </>
  )
}
