/** Who pays for an account after it was moved (rules 5.2). */
import { t } from '@lingui/core/macro'
import { Radio, Stack, Text } from '@mantine/core'
import type { AccountRefFragment, HierarchySubjectQuery } from '@/gql/graphql'
import { formatDate } from '@/lib/time'
import { lastingPayer, payerByParent } from './payers'

type Subject = NonNullable<HierarchySubjectQuery['account']>

interface PayerChoiceProps {
  account: Subject
  /** The account below which it is moved; null while none is chosen. */
  parent: { id: string; name: string } | null
  /** Who pays for the new parent, which may be itself. */
  newPayer: AccountRefFragment | undefined
  /** Whether the new parent pays; null if nothing is chosen. */
  value: boolean | null
  onChange: (parentPays: boolean) => void
  error?: string
}

export function PayerChoice(props: PayerChoiceProps) {
  const { account, parent, newPayer, value, onChange, error } = props
  const former = payerByParent(account)
  const other = lastingPayer(account)?.name
  const { name } = account
  const [nextBill] = account.billUnits.map((unit) => unit.nextBillOn).toSorted()
  return (
    <Radio.Group
      label={t`Who pays after the move`}
      description={
        former && newPayer && newPayer.id !== former.id ? cannotStay(former.name) : undefined
      }
      value={value === null ? null : value ? 'parent' : 'unchanged'}
      onChange={(choice) => onChange(choice === 'parent')}
      error={error}
    >
      <Stack gap="xs" mt={6}>
        <Radio value="parent" label={parentLabel(parent, newPayer, former)} />
        <Radio value="unchanged" label={other ? t`${other}, as now` : t`${name} itself`} />
      </Stack>
      {nextBill && value !== null && (
        <Text size="sm" mt={6} data-payer-impact>
          {value
            ? billGoesTo(nextBill, newPayer?.name ?? parent?.name)
            : other
              ? billGoesTo(nextBill, other)
              : billStaysWith(nextBill, name)}
        </Text>
      )}
    </Radio.Group>
  )
}

function cannotStay(payer: string): string {
  return [
    t`${payer} pays now, through the current parent, and stops with the move.`,
    t`"Change payer" can bill it again afterwards.`,
  ].join(' ')
}

function parentLabel(
  parent: PayerChoiceProps['parent'],
  newPayer: PayerChoiceProps['newPayer'],
  former: AccountRefFragment | undefined,
): string {
  if (!parent) return t`The account above it`
  const above = parent.name
  if (!newPayer) return above
  const payer = newPayer.name
  if (newPayer.id === former?.id) return t`${payer}, as now`
  return newPayer.id === parent.id ? above : t`${payer}, which pays for ${above}`
}

/** `payer` is another account; undefined while none is chosen. */
function billGoesTo(nextBill: string, payer: string | undefined): string {
  const date = formatDate(nextBill)
  return payer
    ? t`The bill of ${date} goes to ${payer}, with the charges that are not billed yet.`
    : t`The bill of ${date} goes to the account above it, with the charges that are not billed yet.`
}

function billStaysWith(nextBill: string, name: string): string {
  const date = formatDate(nextBill)
  return t`The bill of ${date} goes to ${name}.`
}
