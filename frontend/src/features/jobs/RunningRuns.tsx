/** The running job runs with their progress. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Box, Button, Group, Text } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import type { JobRunStatus, RunNodeFragment } from '@/gql/graphql'
import { actorName } from '@/lib/actorName'
import { useBusiness, useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { jobKindLabels } from '@/lib/labels'
import { formatCount } from '@/lib/language'
import { isRunning } from '@/lib/runProgress'
import { formatDate } from '@/lib/time'
import { JobStatusBadge } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { OnDate, When } from '@/ui/When'
import { cancelJob, jobRunLink } from './links'
import classes from './RunningRuns.module.css'
import { RunProgress } from './RunProgress'
import { RunSteps } from './RunSteps'
import type { LiveRun } from './useLiveJobRuns'

export function RunningRuns({ runs }: { runs: LiveRun[] }) {
  return (
    <Panel title={t`Running now`}>
      {runs.length === 0 && (
        <Text size="sm" c="dimmed" px="md" py="sm">
          {t`No jobs running`}
        </Text>
      )}
      {runs.map((run) => (
        <RunningRun key={run.id} run={run} />
      ))}
    </Panel>
  )
}

function RunningRun({ run }: { run: LiveRun }) {
  const requestedBy = actorName(run.requestedBy)
  return (
    <Box
      p="md"
      component="article"
      className={classes.run}
      aria-label={`${jobKindLabels[run.kind]}, ${formatDate(run.businessDate)}`}
    >
      <Group justify="space-between" align="start" gap="xs" mb="sm">
        <Group gap="xs">
          <TextLink {...jobRunLink(run.id)} fw={600} size="md">
            {jobKindLabels[run.kind]}
          </TextLink>
          <Text size="sm" c="dimmed">
            <OnDate date={run.businessDate} />
          </Text>
          <JobStatusBadge status={run.status} />
        </Group>
        {isRunning(run) && <CancelRun run={run} />}
      </Group>
      <RunProgress run={run} linked />
      <RunSteps run={run} />
      <Text size="xs" c="dimmed" mt={6}>
        <Trans>
          Requested by {requestedBy}, <When at={run.createdAt} />
        </Trans>
      </Text>
    </Box>
  )
}

/** A status change can also be cancelled by the agent who started it. */
export function CancelRun({ run }: { run: RunNodeFragment }) {
  const open = useOpenDialog()
  const { viewer } = useBusiness()
  const isOwn = run.kind === 'STATUS_CHANGE' && run.requestedBy === viewer.name
  if (!useMay(isOwn ? 'AGENT' : 'MANAGER')) return null
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlayerStop size={14} aria-hidden />}
      onClick={() => open(cancelJob(run.id))}
    >
      {t`Cancel run`}
    </Button>
  )
}

/** `jobStatusLabels` within a sentence. */
const statusInSentence: Record<JobRunStatus, string> = {
  QUEUED: t`queued`,
  RUNNING: t`running`,
  DONE: t`completed`,
  DONE_WITH_FAILURES: t`completed with errors`,
  FAILED: t`failed`,
  CANCELLED: t`cancelled`,
}

export function endLabels(run: RunNodeFragment): string {
  const kind = jobKindLabels[run.kind]
  const [status, done] = [statusInSentence[run.status], formatCount(run.done)]
  if (run.failed === 0) return t`${kind}: ${status}, ${done} done.`
  const failures = plural(run.failed, { one: '# failure', other: '# failures' })
  return t`${kind}: ${status}, ${done} done, ${failures}.`
}
