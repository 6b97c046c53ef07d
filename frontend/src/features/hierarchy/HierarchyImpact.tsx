/** What a move does: who pays afterwards, the status, and the money; by a dry run. */
import { t } from '@lingui/core/macro'
import { Paper, Skeleton, Stack, Text } from '@mantine/core'
import type { PreviewHierarchyMutation } from '@/gql/graphql'
import type { Preview } from '@/lib/dryRun'
import { statusLabels } from '@/lib/labels'
import { MoneyImpact } from '@/ui/MoneyImpact'
import { Warning } from '@/ui/Warning'

type Moved = NonNullable<NonNullable<PreviewHierarchyMutation['changeHierarchy']>['account']>

interface HierarchyImpactProps {
  preview: Preview<PreviewHierarchyMutation>
  isScheduled: boolean
}

export function HierarchyImpact({ preview, isScheduled }: HierarchyImpactProps) {
  const payload = preview.data?.changeHierarchy
  const problem =
    preview.problem ?? (payload?.errors.map((error) => error.message).join(' ') || null)
  if (problem) {
    const title = isScheduled
      ? t`As things stand, this would not be possible`
      : t`This is not possible`
    return <Warning title={title}>{problem}</Warning>
  }
  return (
    <Paper p="sm" aria-live="polite" aria-busy={preview.fetching}>
      <Text size="sm" fw={600} mb={6}>
        {isScheduled ? t`This will affect` : t`This affects`}
      </Text>
      {payload?.account ? <Effects account={payload.account} /> : <Skeleton height={40} />}
    </Paper>
  )
}

function Effects({ account }: { account: Moved }) {
  const payers = account.billUnits.flatMap((unit) => unit.payingParent?.account.name ?? [])
  const { name } = account
  const payer = [...new Set(payers)].join(', ') || t`${name} itself`
  const status = statusLabels[account.status]
  return (
    <Stack gap="sm">
      <Text size="sm" data-impact>
        {t`Payer: ${payer} · Status: ${status}`}
      </Text>
      <MoneyImpact account={account.id} after={account} />
    </Stack>
  )
}
