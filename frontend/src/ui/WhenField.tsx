/** The choice between now, a later date, and for some changes an earlier date. */
import { t } from '@lingui/core/macro'
import { SegmentedControl, Stack, Text } from '@mantine/core'
import { useId } from 'react'
import { useBusiness } from '@/lib/business'
import { todayOf } from '@/lib/wallTime'
import { DateField } from './DateField'
import {
  MomentField,
  type MomentFieldProps,
  type Shortcut,
  Shortcuts,
  usualShortcuts,
} from './MomentField'

export type Timing = 'now' | 'later' | 'past'

type MomentInput = Pick<MomentFieldProps, 'value' | 'onChange' | 'error' | 'defaultTime'>

interface WhenFieldProps {
  timing: Timing
  onTiming: (timing: Timing) => void
  /** The wall time, and the error of the field. */
  input: MomentInput & { shortcuts?: Shortcut[] }
  /** The earlier business date, for changes that can be backdated. */
  past?: Omit<MomentInput, 'defaultTime'>
  /** Why there is no later date. */
  nowOnly?: string | null
}

export function WhenField({ timing, onTiming, input, past, nowOnly }: WhenFieldProps) {
  const label = useId()
  const { timeZone, now } = useBusiness()
  const { shortcuts, ...field } = input
  const today = todayOf(now(), timeZone)
  return (
    <Stack gap={6}>
      <Text id={label} size="sm" fw={600}>
        {t`When`}
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        value={timing}
        onChange={(next) => onTiming(next as Timing)}
        data={[
          { value: 'now', label: t`Now` },
          ...(nowOnly ? [] : [{ value: 'later', label: t`On a date` }]),
          ...(past ? [{ value: 'past', label: t`Backdated` }] : []),
        ]}
      />
      {nowOnly && (
        <Text size="xs" c="dimmed">
          {nowOnly}
        </Text>
      )}
      {timing !== 'past' && !nowOnly && (
        <Shortcuts
          of={shortcuts ?? usualShortcuts(today, field.defaultTime ?? '00:00')}
          onPick={(wall) => {
            onTiming('later')
            field.onChange?.(wall)
          }}
        />
      )}
      {timing === 'later' && <MomentField label={t`Date`} required shortcuts={[]} {...field} />}
      {timing === 'past' && (
        <DateField
          label={t`Effective date`}
          description={t`Takes effect at the start of this day, not before the last bill.`}
          required
          allowPast
          allowFuture={false}
          {...past}
        />
      )}
    </Stack>
  )
}
