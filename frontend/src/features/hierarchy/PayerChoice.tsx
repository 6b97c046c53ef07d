/** Who pays for an account after it was moved (rules 5.2). */
import { t } from '@lingui/core/macro'
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
  const { name } = account
  const [nextBill] = account.billUnits.map((unit) => unit.nextBillOn).toSorted()
  return (
    <Radio.Group
      label={t`Who pays after the move`}
      value={value ? 'parent' : 'unchanged'}
      onChange={(choice) => onChange(choice === 'parent')}
    >
      <Stack gap="xs" mt={6}>
        <Radio value="parent" label={parent?.name ?? t`The account above it`} />
        <Radio value="unchanged" label={other ? t`${other}, as now` : t`${name} itself`} />
      </Stack>
      {nextBill && (
        <Text size="sm" mt={6} data-payer-impact>
          {value
            ? billGoesTo(nextBill, parent?.name)
            : other
              ? billGoesTo(nextBill, other)
              : billStaysWith(nextBill, name)}
        </Text>
      )}
    </Radio.Group>
  )
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
