/** Who pays for an account after it was moved (rules 5.2). */
import { Radio, Stack, Text } from '@mantine/core'
import type { HierarchySubjectQuery } from '@/gql/graphql'
import { formatDate } from '@/lib/time'

type Subject = NonNullable<HierarchySubjectQuery['account']>

/** True if the present parent pays for a bill unit of the account. */
export function paidByParent({ parent, billUnits }: Subject): boolean {
  return billUnits.some((unit) => unit.payingParent?.account.id === parent?.id && parent !== null)
}

interface PayerChoiceProps {
  account: Subject
  /** The account below which it is moved; null while none is chosen. */
  parent: { name: string } | null
  /** Whether the new parent pays. */
  value: boolean
  onChange: (parentPays: boolean) => void
}

export function PayerChoice({ account, parent, value, onChange }: PayerChoiceProps) {
  const others = account.billUnits.flatMap(({ payingParent }) =>
    payingParent && payingParent.account.id !== account.parent?.id ? payingParent.account.name : [],
  )
  const [other] = others
  const [nextBill] = account.billUnits.map((unit) => unit.nextBillOn).toSorted()
  return (
    <Radio.Group
      label="Who pays after the move"
      value={value ? 'parent' : 'unchanged'}
      onChange={(choice) => onChange(choice === 'parent')}
    >
      <Stack gap="xs" mt={6}>
        <Radio value="parent" label={parent?.name ?? 'The account above it'} />
        <Radio value="unchanged" label={other ? `${other}, as now` : `${account.name} itself`} />
      </Stack>
      {nextBill && (
        <Text size="sm" mt={6} data-payer-impact>
          {`The bill of ${formatDate(nextBill)} goes to `}
          {value ? (parent?.name ?? 'the account above it') : (other ?? account.name)}
          {value || other ? ', with the charges that are not billed yet.' : '.'}
        </Text>
      )}
    </Radio.Group>
  )
}
