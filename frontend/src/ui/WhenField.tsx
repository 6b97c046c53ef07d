/** The choice between now and a date, for changes that can be deferred. */
import { t } from '@lingui/core/macro'
import { SegmentedControl, Stack, Text } from '@mantine/core'
import { useId } from 'react'
import { MomentField, type MomentFieldProps } from './MomentField'

export type Timing = 'now' | 'later'

interface WhenFieldProps {
  timing: Timing
  onTiming: (timing: Timing) => void
  /** The wall time, and the error of the field. */
  input: Pick<MomentFieldProps, 'value' | 'onChange' | 'error' | 'defaultTime' | 'shortcuts'>
}

export function WhenField({ timing, onTiming, input }: WhenFieldProps) {
  const label = useId()
  return (
    <Stack gap={6}>
      <Text id={label} size="sm" fw={500}>
        {t`When`}
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        value={timing}
        onChange={(next) => onTiming(next as Timing)}
        data={[
          { value: 'now', label: t`Now` },
          { value: 'later', label: t`On a date` },
        ]}
      />
      {timing === 'later' && <MomentField label={t`Date`} required {...input} />}
    </Stack>
  )
}
