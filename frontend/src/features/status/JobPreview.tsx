/** Shows what a status change job would do to its accounts, as the server computed it. */
import { plural, t } from '@lingui/core/macro'
import { List, Paper, Skeleton, Stack, Text } from '@mantine/core'
import type { PreviewStatusChangeJobMutation, StartStatusChangeJobInput } from '@/gql/graphql'
import { useDryRun } from '@/lib/dryRun'
import { formatCount } from '@/lib/language'
import { formatMoney } from '@/lib/money'
import { Warning } from '@/ui/Warning'
import { PreviewStatusChangeJobDocument } from './operations.generated'

type Payload = NonNullable<PreviewStatusChangeJobMutation['startStatusChangeJob']>
type Run = NonNullable<Payload['jobRun']>
type Impact = NonNullable<Payload['impact']>

export function JobPreview({ change }: { change: StartStatusChangeJobInput }) {
  const { data, problem, fetching } = useDryRun(PreviewStatusChangeJobDocument, { input: change })
  const payload = data?.startStatusChangeJob
  const refusal = payload?.errors.map((error) => error.message).join(' ')
  if (problem || refusal) {
    return <Warning title={t`This is not possible`}>{problem ?? refusal}</Warning>
  }
  const { jobRun: run, impact } = payload ?? {}
  return (
    <Paper p="sm" aria-live="polite" aria-busy={fetching}>
      <Text size="sm" fw={600} mb={6}>
        {change.deferUntil ? t`This will affect` : t`This affects`}
      </Text>
      {run && impact ? (
        <Stack gap={6}>
          <Text size="sm" data-impact>
            {affectedText(impact) || t`No account changes.`}
          </Text>
          <Money impact={impact} />
          <Exceptions run={run} impact={impact} />
          <Sampled run={run} />
        </Stack>
      ) : (
        <Skeleton height={40} />
      )}
    </Paper>
  )
}

function affectedText({ accounts, services, offers }: Impact): string {
  return [
    accounts > 0 && plural(accounts, { one: '# account', other: '# accounts' }),
    services > 0 && plural(services, { one: '# service', other: '# services' }),
    offers > 0 && plural(offers, { one: '# offer', other: '# offers' }),
  ]
    .filter(Boolean)
    .join(' · ')
}

function Money({ impact: { charged, givenBack } }: { impact: Impact }) {
  if (!charged || !givenBack) return null
  const sums = (amounts: typeof charged) =>
    amounts.map(({ amount, currency }) => formatMoney(amount, currency)).join(', ')
  const [added, returned] = [sums(charged), sums(givenBack)]
  if (!added && !returned) return <Text size="sm">{t`No charges, nothing given back.`}</Text>
  return (
    <Text size="sm" data-money>
      {[added && t`Charged: ${added}`, returned && t`Given back: ${returned}`]
        .filter(Boolean)
        .join(' · ')}
    </Text>
  )
}

/** What does not change, and what no longer applies. */
function Exceptions({ run, impact }: { run: Run; impact: Impact }) {
  const unchanged = run.unchanged.totalCount
  const conflicts = impact.conflictingDeferredActionCount
  const more = run.failed - run.failures.nodes.length
  return (
    <>
      {unchanged > 0 && (
        <Text size="sm">
          {plural(unchanged, {
            one: '# account has this status already.',
            other: '# accounts have this status already.',
          })}
        </Text>
      )}
      {conflicts > 0 && (
        <Text size="sm">
          {plural(conflicts, {
            one: '# deferred action will no longer apply',
            other: '# deferred actions will no longer apply',
          })}
        </Text>
      )}
      {run.failed > 0 && (
        <Warning
          title={plural(run.failed, {
            one: "# account can't be changed",
            other: "# accounts can't be changed",
          })}
        >
          <List size="sm">
            {run.failures.nodes.map(({ id, account, message }) => (
              <List.Item key={id}>
                {account.name}: {message}
              </List.Item>
            ))}
          </List>
          {more > 0 && (
            <Text size="xs" c="dimmed">
              {plural(more, { one: 'and # more account', other: 'and # more accounts' })}
            </Text>
          )}
        </Warning>
      )}
    </>
  )
}

/** The server previews the first accounts of a large set. */
function Sampled({ run }: { run: Run }) {
  const tried = run.done + run.failed
  if (tried >= run.total) return null
  const [some, total] = [formatCount(tried), formatCount(run.total)]
  return (
    <Text size="xs" c="dimmed">
      {t`Computed for the first ${some} of ${total} accounts.`}
    </Text>
  )
}
