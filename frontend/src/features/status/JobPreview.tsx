/** Shows what a status change job would do to its accounts, as the server computed it. */
import { plural, t } from '@lingui/core/macro'
import { List, Stack, Text } from '@mantine/core'
import type { PreviewStatusChangeJobMutation } from '@/gql/graphql'
import { type Preview, refusalOf } from '@/lib/dryRun'
import { impactCounts } from '@/lib/impactCounts'
import { formatCount } from '@/lib/language'
import { formatMoney } from '@/lib/money'
import { serverMessage } from '@/lib/serverMessage'
import { Dotted } from '@/ui/Dotted'
import { PreviewBox } from '@/ui/PreviewBox'
import { Warning } from '@/ui/Warning'
import { type Cancelling, ConflictChoice } from './ConflictChoice'

type Payload = NonNullable<PreviewStatusChangeJobMutation['startStatusChangeJob']>
type Run = NonNullable<Payload['jobRun']>
type Impact = NonNullable<Payload['impact']>

interface JobPreviewProps extends Cancelling {
  preview: Preview<PreviewStatusChangeJobMutation>
  isScheduled: boolean
  /** Offered where other accounts match now than those that were chosen. */
  onPreviewAgain: () => void
}

export function JobPreview(props: JobPreviewProps) {
  const { preview, isScheduled, cancels, onCancels, onPreviewAgain } = props
  const payload = preview.data?.startStatusChangeJob
  const { jobRun: run, impact } = payload ?? {}
  const isConflict = payload?.errors.some(({ code }) => code === 'CONFLICT')
  const counts = impact ? impactCounts(impact) : []
  return (
    <PreviewBox
      preview={preview}
      refusal={refusalOf(payload)}
      onPreviewAgain={isConflict ? onPreviewAgain : undefined}
      isScheduled={isScheduled}
    >
      {run && impact && (
        <Stack gap={6}>
          <Text size="sm" data-impact>
            <Dotted>{counts.length > 0 ? counts : t`No account changes.`}</Dotted>
          </Text>
          <Money impact={impact} />
          <ConflictChoice
            count={impact.conflictingDeferredActionCount}
            cancels={cancels}
            onCancels={onCancels}
          />
          <Exceptions run={run} />
          <Sampled run={run} />
        </Stack>
      )}
    </PreviewBox>
  )
}

function Money({ impact: { charged, givenBack } }: { impact: Impact }) {
  if (!charged || !givenBack) return null
  const sums = (amounts: typeof charged) =>
    amounts.map(({ amount, currency }) => formatMoney(amount, currency)).join(', ')
  const [added, returned] = [sums(charged), sums(givenBack)]
  if (!added && !returned) return <Text size="sm">{t`No charges, no credits.`}</Text>
  return (
    <Text size="sm" data-money>
      <Dotted>
        {added && t`Charged: ${added}`}
        {returned && t`Credited: ${returned}`}
      </Dotted>
    </Text>
  )
}

/** What does not change. */
function Exceptions({ run }: { run: Run }) {
  const unchanged = run.unchanged.totalCount
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
                {account.name}: {serverMessage(message)}
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
