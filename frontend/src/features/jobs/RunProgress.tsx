/** The progress of a run: a bar, counts and the estimated time left. */
import { Group, Progress, Text, VisuallyHidden } from '@mantine/core'
import type { RunNodeFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { countLabel, jobKindLabels } from '@/lib/labels'
import { formatDate } from '@/lib/time'
import { TextLink } from '@/ui/links'
import { jobRunLink } from './links'
import { rateLabel, useRate } from './rate'
import { stepLabels } from './steps'
import { isRunning } from './useLiveJobRuns'

export function RunProgress({ run, linked = false }: { run: RunNodeFragment; linked?: boolean }) {
  const gone = run.done + run.failed
  const rate = useRate(gone)
  const running = isRunning(run)
  const left = Math.max(0, run.total - gone)
  // The counts of later steps and dates are not known yet, so a running run is never complete.
  const isOpenEnded = running && left === 0
  const whole = isOpenEnded ? gone + 1 : run.total
  const share = (count: number) => (whole > 0 ? (count / whole) * 100 : 0)
  const { today } = useBusiness().clock
  const failures = countLabel(run.failed, 'failure')
  return (
    <div>
      <Progress.Root size="lg" aria-hidden>
        <Progress.Section value={share(run.done)} color="var(--tenure-busy)" />
        <Progress.Section value={share(run.failed)} color="var(--tenure-bad)" />
      </Progress.Root>
      <Group justify="space-between" gap="xs" mt={6}>
        <Text size="sm">
          <Text span inherit fw={600} data-progress>
            {run.done.toLocaleString('en')}
            {!isOpenEnded && ` of ${run.total.toLocaleString('en')}`}
          </Text>
          {isOpenEnded ? ' done so far' : ' done'}
          {run.failed > 0 && ' · '}
          {run.failed > 0 &&
            (linked ? (
              <TextLink {...jobRunLink(run.id)} c="var(--mantine-color-error)" underline="always">
                {failures}
              </TextLink>
            ) : (
              failures
            ))}
        </Text>
        <Text size="sm" c="dimmed">
          {!running
            ? null
            : run.status === 'QUEUED'
              ? waitingFor(run, today)
              : [
                  run.step && (stepLabels[run.step] ?? run.step),
                  rate && left > 0 && rateLabel(rate, left),
                ]
                  .filter(Boolean)
                  .join(' · ')}
        </Text>
      </Group>
      <VisuallyHidden role="status">
        {running &&
          !isOpenEnded &&
          `${jobKindLabels[run.kind]}: ${Math.floor(share(gone) / 25) * 25} % done`}
      </VisuallyHidden>
    </div>
  )
}

/** A run starts on its business date at the earliest; a reset clock may be before it. */
function waitingFor(run: RunNodeFragment, today: string): string {
  return run.businessDate > today
    ? `Starts on ${formatDate(run.businessDate)}`
    : 'Waiting for a worker'
}
