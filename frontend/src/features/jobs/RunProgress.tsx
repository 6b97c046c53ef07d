/** The progress of a run: a bar, counts and the estimated time left. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Group, Progress, Text, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import type { RunNodeFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { jobKindLabels } from '@/lib/labels'
import { formatCount } from '@/lib/language'
import { isRunning } from '@/lib/runProgress'
import { formatDate } from '@/lib/time'
import { Dotted } from '@/ui/Dotted'
import { TextLink } from '@/ui/links'
import { jobRunLink } from './links'
import { rateLabel, useRate } from './rate'
import { progressText, stepLabels } from './steps'

export function RunProgress({ run, linked = false }: { run: RunNodeFragment; linked?: boolean }) {
  const gone = run.done + run.failed
  const rate = useRate(gone)
  const running = isRunning(run)
  const left = Math.max(0, run.total - gone)
  // The counts of later steps and dates are not known yet, so a running run is never complete.
  const isOpenEnded = running && left === 0
  const whole = isOpenEnded ? gone + 1 : run.total
  const share = (count: number) => (whole > 0 ? (count / whole) * 100 : 0)
  const [done, counts] = [formatCount(run.done), progressText(run)]
  const kind = jobKindLabels[run.kind]
  const percent = Math.floor(share(gone) / 25) * 25
  const { today } = useBusiness().clock
  const failures = plural(run.failed, { one: '# failure', other: '# failures' })
  return (
    <div>
      <Progress.Root size="lg" aria-hidden>
        <Progress.Section value={share(run.done)} color="var(--tenure-busy)" />
        <Progress.Section value={share(run.failed)} color="var(--tenure-bad)" />
      </Progress.Root>
      <Group justify="space-between" gap="xs" mt={6}>
        <Text size="sm">
          <Dotted>
            {isOpenEnded ? (
              <Trans>
                <Counts>{done}</Counts> done so far
              </Trans>
            ) : (
              <Trans>
                <Counts>{counts}</Counts> done
              </Trans>
            )}
            {run.failed > 0 &&
              (linked ? (
                <TextLink {...jobRunLink(run.id)} c="var(--mantine-color-error)" underline="always">
                  {failures}
                </TextLink>
              ) : (
                failures
              ))}
          </Dotted>
        </Text>
        <Text size="sm" c="dimmed">
          {running &&
            (run.status === 'QUEUED' ? (
              waitingFor(run, today)
            ) : (
              <Dotted>
                {run.step && (stepLabels[run.step] ?? run.step)}
                {rate && left > 0 && rateLabel(rate, left)}
              </Dotted>
            ))}
        </Text>
      </Group>
      <VisuallyHidden role="status">
        {running && !isOpenEnded && t`${kind}: ${percent} % done`}
      </VisuallyHidden>
    </div>
  )
}

function Counts({ children }: { children: ReactNode }) {
  return (
    <Text span inherit fw={600} data-progress>
      {children}
    </Text>
  )
}

/** A run starts on its business date at the earliest; a reset clock may be before it. */
function waitingFor(run: RunNodeFragment, today: string): string {
  const date = formatDate(run.businessDate)
  return run.businessDate > today ? t`Starts on ${date}` : t`Waiting for a worker`
}
