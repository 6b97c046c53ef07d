/** The choice of a new status, by the verbs that lead to it. */
import { t } from '@lingui/core/macro'
import { SegmentedControl, Stack, Text } from '@mantine/core'
import { useId } from 'react'
import type { Status } from '@/gql/graphql'
import { verbLabels, verbOf } from './verbs'

interface StatusChoiceProps {
  /** The current status. */
  from: Status
  offered: Status[]
  value: Status
  onChange: (status: Status) => void
}

export function StatusChoice({ from, offered, value, onChange }: StatusChoiceProps) {
  const label = useId()
  return (
    <Stack gap={6}>
      <Text id={label} size="sm" fw={600}>
        {t`Change`}
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        value={value}
        onChange={(next) => onChange(next as Status)}
        data={offered.map((status) => ({
          value: status,
          label: verbLabels[verbOf(from, status)],
        }))}
      />
    </Stack>
  )
}
