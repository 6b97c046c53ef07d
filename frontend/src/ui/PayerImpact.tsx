/** What new payers affect: who pays afterwards, the status, and the money; by a dry run. */
import { plural, t } from '@lingui/core/macro'
import { List, Stack, Text } from '@mantine/core'
import type {
  PayerChangeFragment,
  PayerImpactFragment,
  ReassignedAccountFragment,
} from '@/gql/graphql'
import type { Preview } from '@/lib/dryRun'
import { impactCounts } from '@/lib/impactCounts'
import { statusLabels } from '@/lib/labels'
import { formatBalance, isNothing } from '@/lib/money'
import { Dotted } from './Dotted'
import { MoneyImpact } from './MoneyImpact'
import { isOnlyOf, PayerAmounts } from './PayerAmounts'
import { PreviewBox } from './PreviewBox'

const mostShown = 6

interface Effect {
  /** The account as the change would leave it. */
  account: ReassignedAccountFragment
  impact: PayerImpactFragment
}

interface PayerImpactProps extends Partial<Effect> {
  preview: Omit<Preview<unknown>, 'data'>
  refusal: string | null
  isScheduled?: boolean
}

export function PayerImpact(props: PayerImpactProps) {
  const { preview, refusal, isScheduled = false, account, impact } = props
  return (
    <PreviewBox preview={preview} refusal={refusal} isScheduled={isScheduled}>
      {account && impact && <Effects account={account} impact={impact} />}
    </PreviewBox>
  )
}

function Effects({ account, impact }: Effect) {
  const { statusChange } = impact
  const payers = statusChange?.ofPayers ?? []
  const counts = statusChange ? impactCounts(statusChange).join(', ') : ''
  const status = statusLabels[account.status]
  return (
    <Stack gap="sm">
      <PayerChanges changes={impact.payerChanges} all={impact.payerChangeCount} />
      <Text size="sm" data-impact>
        {counts ? (
          <Dotted>
            {t`Status: ${status}`}
            {t`Affected: ${counts}`}
          </Dotted>
        ) : (
          t`Status: ${status}, as now`
        )}
      </Text>
      <MoneyImpact account={account.id} after={account} isAll={isOnlyOf(account.id, payers)} />
      <PayerAmounts account={account.id} payers={payers} />
    </Stack>
  )
}

/** Who pays after the move, and which charges are on another bill than before. */
function PayerChanges({ changes, all }: { changes: PayerChangeFragment[]; all: number }) {
  if (all === 0) return <Text size="sm">{t`Nobody else pays than before.`}</Text>
  const more = all - Math.min(changes.length, mostShown)
  return (
    <List size="sm" data-payer-changes>
      {changes.slice(0, mostShown).map((change) => (
        <List.Item key={change.billUnit.id}>
          {payerSentence(change)} {movedSentence(change)}
        </List.Item>
      ))}
      {more > 0 && (
        <List.Item>
          {plural(more, { one: 'and # more bill unit', other: 'and # more bill units' })}
        </List.Item>
      )}
    </List>
  )
}

function payerSentence({ billUnit, formerPayer, payer }: PayerChangeFragment): string {
  const { id, name } = billUnit.account
  const former = formerPayer.name
  const next = payer.name
  if (payer.id === id) return t`${name} pays for itself. Until now ${former} pays.`
  if (formerPayer.id === id) return t`${next} pays for ${name}. Until now it pays for itself.`
  return t`${next} pays for ${name}. Until now ${former} pays.`
}

function movedSentence({ moved, payer }: PayerChangeFragment): string {
  if (isNothing(moved.amount)) return t`Nothing is unbilled.`
  const amount = formatBalance(moved.amount, moved.currency)
  const next = payer.name
  return t`${amount} of unbilled charges move to the next bill of ${next}.`
}
