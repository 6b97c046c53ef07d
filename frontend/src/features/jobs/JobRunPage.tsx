/** One run of a job: how far it is, how it went, and what failed. */
import { Breadcrumbs, Group, Paper, Stack, Text } from '@mantine/core'
import { IconQuestionMark } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { JobRunPageQuery } from '@/gql/graphql'
import { jobKindLabels } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { shownDate } from '@/lib/time'
import { useRefresh } from '@/lib/useRefresh'
import { JobStatusBadge } from '@/ui/Badges'
import { ButtonLink, TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Answer, Nothing, Trouble } from '@/ui/States'
import { When } from '@/ui/When'
import { ConnectionNotice } from './ConnectionNotice'
import { Failures } from './Failures'
import { jobsLink } from './links'
import { JobRunPageDocument } from './operations.generated'
import { QuarantinedAccounts } from './QuarantinedAccounts'
import { CancelRun, endLabels } from './RunningRuns'
import { RunProgress } from './RunProgress'
import { RunSteps } from './RunSteps'
import { RunTotals } from './RunTotals'
import { isRunning, useLiveJobRun } from './useLiveJobRuns'

type Run = Extract<NonNullable<JobRunPageQuery['node']>, { __typename: 'JobRun' }>

export function JobRunPage({ id, search }: { id: string; search: PageSearch }) {
  const [result, ask] = useQuery({
    query: JobRunPageDocument,
    variables: { id, ...pageArguments(search) },
  })
  const again = () => ask({ requestPolicy: 'network-only' })
  return (
    <Answer of={result} retry={again} lines={8}>
      {({ node }) =>
        node?.__typename === 'JobRun' ? (
          <JobRun key={node.id} read={node} again={again} />
        ) : (
          <NoSuchRun />
        )
      }
    </Answer>
  )
}

function JobRun({ read, again }: { read: Run; again: () => void }) {
  const { run, error, listen } = useLiveJobRun(read, (ended) => {
    notify(endLabels(ended))
    again()
  })
  const title = `${jobKindLabels[run.kind]}, ${shownDate(run.businessDate)}`
  const running = isRunning(run)
  useRefresh(again, running ? 3 : null)
  return (
    <>
      <Breadcrumbs
        component="nav"
        aria-label="Breadcrumb"
        mb={6}
        style={{ flexWrap: 'wrap' }}
        separatorMargin={6}
      >
        <TextLink {...jobsLink}>Jobs</TextLink>
        <Text size="sm" c="dimmed" aria-current="page">
          {title}
        </Text>
      </Breadcrumbs>
      <PageHeader title={title} actions={running && <CancelRun id={run.id} />} />
      <ConnectionNotice onMeanwhile={again} />
      {error && <Trouble error={error} retry={listen} />}
      <Paper p="md" mb="lg">
        <Group gap="xs" mb="sm" justify="space-between">
          <JobStatusBadge status={run.status} />
          <Text size="sm" c="dimmed">
            Requested by {run.requestedBy}, <When at={run.createdAt} />
            {run.finishedAt && (
              <>
                {' · '}finished <When at={run.finishedAt} />
              </>
            )}
          </Text>
        </Group>
        {run.failure && (
          <Text size="sm" mb="sm">
            {run.failure}
          </Text>
        )}
        <RunProgress run={run} />
        <RunSteps run={run} />
      </Paper>
      <Stack>
        {run.kind === 'BILL_DAY' && (
          // Another key when it ends: what is overdue is asked again then.
          <RunTotals
            key={run.status}
            totals={run.totals}
            quarantined={read.quarantined.totalCount}
          />
        )}
        <QuarantinedAccounts accounts={read.quarantined} />
        {(run.kind !== 'BILL_DAY' || read.failures.totalCount > 0) && <Failures run={read} />}
      </Stack>
    </>
  )
}

function NoSuchRun() {
  return (
    <>
      <title>Job run not found · Tenure</title>
      <Nothing
        icon={<IconQuestionMark />}
        title="This job run doesn't exist"
        hint="Check the address, or open the list of jobs."
        action={<ButtonLink {...jobsLink}>All jobs</ButtonLink>}
      />
    </>
  )
}
