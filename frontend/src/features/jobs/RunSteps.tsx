/** The steps of a run with their states and counts. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Box, Progress, Text } from '@mantine/core'
import {
  IconAlertCircle,
  IconCircleCheck,
  IconCircleDashed,
  IconLoader,
  IconPlayerStop,
  type IconProps,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { isRunning } from '@/lib/runProgress'
import { Dotted } from '@/ui/Dotted'
import { OnDate } from '@/ui/When'
import { shareOf } from './duration'
import classes from './RunSteps.module.css'
import { caughtUpDate, type Step, type StepState, stepFacts, stepLabels, stepsOf } from './steps'
import type { LiveRun } from './useLiveJobRuns'

const signs: Record<StepState, [string, ComponentType<IconProps>]> = {
  done: ['good', IconCircleCheck],
  runs: ['busy', IconLoader],
  waits: ['ended', IconCircleDashed],
  stopped: ['waiting', IconPlayerStop],
}

/** The sign of a completed step in which something failed. */
const failures: [string, ComponentType<IconProps>] = ['bad', IconAlertCircle]

export function RunSteps({ run }: { run: LiveRun }) {
  const steps = stepsOf(run.kind, run.steps, isRunning(run))
  // A job with one step shows only its progress.
  if (run.steps.length === 0 || steps.length < 2) return null
  const caughtUp = isRunning(run) ? caughtUpDate(run.steps, run.businessDate) : null
  return (
    <>
      {caughtUp && (
        <Text size="sm" mt="sm">
          <Trans>
            Catching up: <OnDate date={caughtUp} />
          </Trans>
        </Text>
      )}
      <div className={classes.frame}>
        <ol className={classes.steps} aria-label={t`Steps`}>
          {steps.map((step) => (
            <OneStep key={step.name} step={step} share={shareOf(step.begun ?? {}, run.steps)} />
          ))}
        </ol>
      </div>
    </>
  )
}

interface OneStepProps {
  step: Step
  /** The part of the longest step that it took, in percent. */
  share: number
}

function OneStep({ step, share }: OneStepProps) {
  const [tone, Sign] = step.state === 'done' && step.begun?.failed ? failures : signs[step.state]
  return (
    <li
      className={classes.step}
      data-step={step.name}
      aria-current={step.state === 'runs' ? 'step' : undefined}
    >
      <Sign
        size={16}
        stroke={2.2}
        color={`var(--tenure-${tone})`}
        className={classes.sign}
        aria-hidden
      />
      <Box miw={0} flex={1}>
        <Text size="sm" fw={step.state === 'runs' ? 600 : undefined}>
          {stepLabels[step.name] ?? step.name}
        </Text>
        <Text size="xs" c={step.begun?.failed ? 'var(--mantine-color-error)' : 'dimmed'}>
          <Dotted>{stepFacts(step)}</Dotted>
        </Text>
        {step.state === 'done' && share > 0 && (
          <Progress value={share} size={4} mt={4} color="var(--tenure-busy)" aria-hidden />
        )}
      </Box>
    </li>
  )
}
