/** The running job runs with their progress. */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import type { RunNodeFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { countLabel, jobKindLabels, jobStatusLabels } from '@/lib/labels'
import { formatDate } from '@/lib/time'
import { JobStatusBadge } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { OnDate, When } from '@/ui/When'
import { cancelJob, jobRunLink } from './links'
import { RunProgress } from './RunProgress'
import { RunSteps } from './RunSteps'
import { isRunning, type LiveRun } from './useLiveJobRuns'

export function RunningRuns({ runs }: { runs: LiveRun[] }) {
  return (
    <Stack component="section" gap="sm" mb="lg" aria-label="Running now">
      <Title order={2}>Running now</Title>
      {runs.length === 0 && (
        <Paper px="md" py="sm">
          <Text size="sm" c="dimmed">
            No jobs running
          </Text>
        </Paper>
      )}
      {runs.map((run) => (
        <RunningRun key={run.id} run={run} />
      ))}
    </Stack>
  )
}

function RunningRun({ run }: { run: LiveRun }) {
  return (
    <Paper
      p="md"
      component="article"
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
        {isRunning(run) && <CancelRun id={run.id} />}
      </Group>
      <RunProgress run={run} linked />
      <RunSteps run={run} />
      <Text size="xs" c="dimmed" mt={6}>
        Requested by {run.requestedBy}, <When at={run.createdAt} />
      </Text>
    </Paper>
  )
}

export function CancelRun({ id }: { id: string }) {
  const open = useOpenDialog()
  if (!useMay('MANAGER')) return null
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlayerStop size={14} aria-hidden />}
      onClick={() => open(cancelJob(id))}
    >
      Cancel run
    </Button>
  )
}

export function endLabels(run: RunNodeFragment): string {
  const failures = run.failed > 0 ? `, ${countLabel(run.failed, 'failure')}` : ''
  const status = jobStatusLabels[run.status].toLowerCase()
  const done = run.done.toLocaleString('en')
  return `${jobKindLabels[run.kind]}: ${status}, ${done} done${failures}.`
}
