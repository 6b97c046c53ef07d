/** One job run: its progress, totals and failures. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Group, Paper, Stack, Text } from '@mantine/core'
import { IconQuestionMark } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { JobRunPageQuery } from '@/gql/graphql'
import { actorName } from '@/lib/actorName'
import { jobKindLabels } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { pageArguments } from '@/lib/paging'
import { isRunning } from '@/lib/runProgress'
import { serverMessage } from '@/lib/serverMessage'
import { formatDate } from '@/lib/time'
import { useRefresh } from '@/lib/useRefresh'
import { JobStatusBadge } from '@/ui/Badges'
import { Breadcrumb } from '@/ui/Breadcrumb'
import { ConnectionNotice } from '@/ui/ConnectionNotice'
import { Dotted } from '@/ui/Dotted'
import { isNarrowed } from '@/ui/ListTools'
import { ButtonLink, TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { LoadError, NoSuchScreen, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { importFileLink } from '../imports/links'
import { Failures, failureFilters } from './Failures'
import { jobsLink } from './links'
import { JobRunPageDocument } from './operations.generated'
import { QuarantinedAccounts } from './QuarantinedAccounts'
import { CancelRun, endLabels } from './RunningRuns'
import { RunProgress } from './RunProgress'
import { RunSteps } from './RunSteps'
import { RunTotals } from './RunTotals'
import { StatusChangeResults } from './StatusChangeResults'
import { StatusChangeSentence } from './StatusChangeSentence'
import type { JobRunSearch } from './search'
import { useLiveJobRun } from './useLiveJobRuns'

type Run = Extract<NonNullable<JobRunPageQuery['node']>, { __typename: 'JobRun' }>

export function JobRunPage({ id, search }: { id: string; search: JobRunSearch }) {
  const [result, refetch] = useQuery({
    query: JobRunPageDocument,
    variables: { id, kind: search.kind, search: search.q, ...pageArguments(search) },
  })
  const refetchNow = () => refetch({ requestPolicy: 'network-only' })
  return (
    <QueryResult result={result} retry={refetchNow} lines={8}>
      {({ node }) =>
        node?.__typename === 'JobRun' ? (
          <JobRun key={node.id} read={node} search={search} refetchNow={refetchNow} />
        ) : (
          <NoSuchRun />
        )
      }
    </QueryResult>
  )
}

interface JobRunProps {
  read: Run
  search: JobRunSearch
  refetchNow: () => void
}

function JobRun({ read, search, refetchNow }: JobRunProps) {
  const { run, error, listen } = useLiveJobRun(read, (ended) => {
    notify(endLabels(ended))
    refetchNow()
  })
  const title = `${jobKindLabels[run.kind]}, ${formatDate(run.businessDate)}`
  const running = isRunning(run)
  const requestedBy = actorName(run.requestedBy)
  useRefresh(refetchNow, running ? 3 : null)
  return (
    <>
      <Breadcrumb here={title}>
        <TextLink {...jobsLink}>{t`Jobs`}</TextLink>
      </Breadcrumb>
      <PageHeader title={title} actions={running && <CancelRun run={run} />} />
      <ConnectionNotice onMeanwhile={refetchNow} />
      {error && <LoadError error={error} retry={listen} />}
      <Paper p="md" mb="lg">
        <Group gap="xs" mb="sm" justify="space-between">
          <JobStatusBadge status={run.status} />
          <Text size="sm" c="dimmed">
            <Dotted>
              <Trans>
                Requested by {requestedBy}, <When at={run.createdAt} />
              </Trans>
              {run.finishedAt && (
                <Trans>
                  finished <When at={run.finishedAt} />
                </Trans>
              )}
            </Dotted>
          </Text>
        </Group>
        {read.statusChange && <StatusChangeSentence change={read.statusChange} />}
        {run.failure && (
          <Text size="sm" mb="sm">
            {serverMessage(run.failure)}
          </Text>
        )}
        {read.importRun && <ImportedFile file={read.importRun.file} />}
        <RunProgress run={run} />
        <RunSteps run={run} />
      </Paper>
      <Stack>
        {run.kind === 'BILL_DAY' && (
          // A new key when the run ends, so that the overdue accounts are queried again.
          <RunTotals
            key={run.status}
            totals={run.totals}
            quarantined={read.quarantined.totalCount}
          />
        )}
        <QuarantinedAccounts accounts={read.quarantined} isOfRun />
        {run.kind === 'STATUS_CHANGE' && (
          // A new key when the run ends, so that its last results are queried.
          <StatusChangeResults key={run.status} run={run} search={search} />
        )}
        {(run.kind === 'DEFERRED_ACTIONS' ||
          read.failures.totalCount > 0 ||
          isNarrowed(failureFilters, search)) && <Failures run={read} search={search} />}
      </Stack>
    </>
  )
}

function ImportedFile({ file: { id, name } }: { file: { id: string; name: string } }) {
  return (
    <Text size="sm" mb="sm">
      <Trans>
        File: <TextLink {...importFileLink(id)}>{name}</TextLink>
      </Trans>
    </Text>
  )
}

function NoSuchRun() {
  return (
    <NoSuchScreen
      tab={t`Job run not found · Tenure`}
      icon={<IconQuestionMark />}
      title={t`This job run doesn't exist`}
      hint={t`Check the address, or open the list of jobs.`}
      action={<ButtonLink {...jobsLink}>{t`All jobs`}</ButtonLink>}
    />
  )
}
